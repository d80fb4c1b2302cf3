// SPDX-License-Identifier: MPL-2.0

package owned

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// fake is a service that does what it is told, and notes what it was asked.
type fake struct {
	*Service
	asked  []string
	times  []time.Time
	cut    bool // answers end before they should
	answer func(method, path string, body map[string]any) (status int, answer any)
}

const (
	ownID   = "key-1"
	ownName = "verify-abcdefghijkl-1"
)

func (f *fake) RoundTrip(r *http.Request) (*http.Response, error) {
	f.asked = append(f.asked, r.Method+" "+r.URL.RequestURI())
	f.times = append(f.times, time.Now())
	var body map[string]any
	if r.Body != nil {
		_ = json.NewDecoder(r.Body).Decode(&body)
	}
	status, answer := http.StatusOK, any(map[string]any{"accessToken": "t", "service_id": "project"})
	if strings.HasPrefix(r.URL.Path, "/project-keys") {
		status, answer = f.answer(r.Method, r.URL.Path, body)
	}
	if status == 0 {
		<-r.Context().Done() // it never answers
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	encoded, ok := answer.([]byte)
	if !ok {
		encoded, _ = json.Marshal(answer)
	}
	reader := io.Reader(strings.NewReader(string(encoded)))
	if f.cut {
		reader = io.MultiReader(reader, iotest.ErrReader(io.ErrUnexpectedEOF))
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Date": {time.Now().UTC().Format(http.TimeFormat)}}, Body: io.NopCloser(reader), Request: r}, nil
}

// newFake is a service with a run that has begun.
func newFake(t *testing.T) *fake {
	t.Helper()
	f := &fake{}
	f.Service = New(Config{
		Host: "https://api.invalid", ServiceID: "project", Journal: filepath.Join(t.TempDir(), "journal"), Transport: f,
		Pace: time.Second / 2, Sync: func(Syncer) error { return nil },
	})
	if err := f.Begin("verify-abcdefghijkl"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Release)
	return f
}

var gone404 = map[string]any{"detail": "not found"}

// hold has the service hold keys until they are deleted.
func (f *fake) hold(keys ...map[string]any) func(method, path string, body map[string]any) (int, any) {
	f.answer = func(method, path string, _ map[string]any) (int, any) {
		i := slices.IndexFunc(keys, func(key map[string]any) bool { return path == fmt.Sprint("/project-keys/", key["id"]) })
		switch {
		case path == "/project-keys":
			return 200, keys
		case i < 0:
			return 404, gone404
		case method == "DELETE":
			keys = slices.Delete(keys, i, i+1)
			return 204, nil
		}
		return 200, keys[i]
	}
	return f.answer
}

// made asks for a key, which the service answers with an id.
func (f *fake) made(t *testing.T, id any) *Key {
	t.Helper()
	f.answer = func(string, string, map[string]any) (int, any) { return 200, map[string]any{"project_key_id": id} }
	k, a := f.Create(t.Context(), "role", ownName, Request{Body: map[string]any{"name": ownName}})
	if !a.OK() || k == nil {
		t.Fatalf("%+v", a)
	}
	f.asked, f.times = nil, nil
	return k
}

// changes are the requests that may have changed something.
func (f *fake) changes() (changes []string) {
	for _, asked := range f.asked {
		if !strings.HasPrefix(asked, "GET ") {
			changes = append(changes, asked)
		}
	}
	return changes
}

// own is what the key shows.
func own(changed map[string]any) map[string]any {
	key := map[string]any{"id": ownID, "name": ownName, "service_id": "project", "status": "active", "created_at": time.Now().UTC().Format(time.RFC3339Nano)}
	for name, value := range changed {
		if key[name] = value; value == missing {
			delete(key, name)
		}
	}
	return key
}

const missing = "missing"
