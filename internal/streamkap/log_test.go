// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// entry is what the log was told once.
type entry struct {
	message string
	fields  map[string]any
}

// logged has the client log into the returned slice.
func logged() (*[]entry, func(*streamkap.Config)) {
	var entries []entry
	return &entries, func(config *streamkap.Config) {
		config.Log = func(_ context.Context, message string, fields map[string]any) {
			entries = append(entries, entry{message, maps.Clone(fields)})
		}
	}
}

func TestLog_EveryRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		entries, config := logged()
		s := connect(t, simulator.Config{}, config)
		id := s.seeded()
		s.Inject(simulator.Fault{Path: oneKey, Drop: simulator.DropBefore})
		s.Inject(simulator.Fault{Path: oneKey, Status: 503, Delay: 20 * time.Millisecond})
		wantNoError(t, errOf(s.ProjectKey(t.Context(), id)))

		requests := s.Requests()
		path := "/project-keys/" + id
		want := []entry{
			{"Streamkap API request", map[string]any{"method": "POST", "path": streamkap.TokenPath, "duration_ms": int64(0), "status": 200, "request_id": requests[0].RequestID}},
			{"Streamkap API request failed", map[string]any{"method": "GET", "path": path, "duration_ms": int64(0), "error": "the connection was closed without an answer: unexpected EOF"}},
			{"Streamkap API request", map[string]any{"method": "GET", "path": path, "duration_ms": int64(20), "status": 503, "request_id": requests[2].RequestID}},
			{"Streamkap API request", map[string]any{"method": "GET", "path": path, "duration_ms": int64(0), "status": 200, "request_id": requests[3].RequestID}},
		}
		if !reflect.DeepEqual(*entries, want) {
			t.Errorf("got  %+v\nwant %+v", *entries, want)
		}
	})
}

func TestLog_NoSecretBodyOrHeader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		entries, config := logged()
		s := connect(t, simulator.Config{}, config, retries(1))
		ctx := t.Context()
		file, err := s.CreateProjectKey(ctx, fullRequest())
		wantNoError(t, err)
		wantNoError(t, errOf(s.UpdateProjectKey(ctx, file.ProjectKeyID, streamkap.UpdateProjectKeyRequest{KafkaPassword: "Another-Horse-2"})))
		wantA[*streamkap.Error](t, errOf(s.UpdateProjectKey(ctx, file.ProjectKeyID, streamkap.UpdateProjectKeyRequest{KafkaPassword: "weak"})))
		s.Inject(simulator.Fault{Path: oneKey, Drop: simulator.DropTruncated, Times: -1})
		wantA[*streamkap.ConnectionError](t, errOf(s.ProjectKey(ctx, file.ProjectKeyID)))

		known := []string{"method", "path", "duration_ms", "status", "request_id", "error"}
		for _, entry := range *entries {
			s.wantNoSecrets(fmt.Sprint(entry))
			for field := range entry.fields {
				if !slices.Contains(known, field) {
					t.Errorf("the log was given %q", field)
				}
			}
		}
		if len(*entries) != len(s.Requests()) {
			t.Errorf("%d entries of %d requests", len(*entries), len(s.Requests()))
		}
	})
}
