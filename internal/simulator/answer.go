// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// answer is what a request will be answered with. It is complete before
// anything is sent, so that a fault can delay it, replace it or cut it off.
type answer struct {
	status   int
	header   http.Header
	body     bytes.Buffer
	view     view
	drop     DropKind
	clientID string // who asked, once that is known
	late     bool   // whether it shows keys as they were before their last PATCH
}

// newAnswer starts an answer with the headers that every answer has.
func (s *Server) newAnswer(r *http.Request) *answer {
	a := &answer{status: http.StatusOK, header: make(http.Header), view: s.newView(r)}
	a.header.Set("X-Request-Id", newUUID())
	a.header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	return a
}

// Header, WriteHeader and Write let the ServeMux write redirects, and what it
// does not know.
func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) { a.status = status }

func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }

// json sets the answer to a status and a JSON body.
func (a *answer) json(status int, body any) {
	encoded, err := json.Marshal(body)
	if err != nil {
		panic(err) // only the simulator's own types come here
	}
	a.status = status
	a.header.Set("Content-Type", "application/json")
	a.body.Reset()
	a.body.Write(a.view.extended(encoded, status))
}

// refuse sets the answer to a refusal: `{"detail": …}`.
func (a *answer) refuse(status int, detail any) { a.json(status, object{"detail": detail}) }

// refuseUnknown answers for a key that does not exist, as row 7 has it.
func (a *answer) refuseUnknown(id string) {
	if a.view.cfg.Dialect.Gone == "400" {
		a.refuse(http.StatusBadRequest, "Project key "+id+" does not exist")
		return
	}
	a.refuse(http.StatusNotFound, "Project key not found")
}

// finishHeader completes the header with what depends on the body.
func (a *answer) finishHeader() {
	if a.status != http.StatusNoContent {
		a.header.Set("Content-Length", strconv.Itoa(a.body.Len()))
	}
}

// half is the part of the body that is sent before a truncated answer ends.
func (a *answer) half() []byte { return a.body.Bytes()[:a.body.Len()/2] }
