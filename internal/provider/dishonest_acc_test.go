// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

const (
	firstWord  = "First-Write-Only-Word-1"
	secondWord = "Second-Write-Only-Word-2"
)

// dishonest is a service that repeats the secrets of whoever asks wherever an
// answer has room for a text, and sends answers that nobody has asked for.
type dishonest struct {
	*simulator.Server
	// lie is how requests are answered; nil for the truth.
	lie atomic.Pointer[lie]
}

// lie is an answer in the place of the true one. EVERYTHING in its body stands
// for all secrets, and for word.
type lie struct {
	method string
	status int
	body   string
	word   string
}

// unsolicited is an answer that holds a secret that no one was ever given.
const unsolicited = `{"client_secret": "` + simulator.ClientSecretPrefix + `of-nobody"}`

func (d *dishonest) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	told := d.lie.Load()
	lying := told != nil && r.Method == told.method && strings.HasPrefix(r.URL.Path, "/project-keys/")
	answer := httptest.NewRecorder()
	d.Server.ServeHTTP(answer, r)
	everything := simulator.DefaultSecret + " " + r.Header.Get("Authorization")
	for _, key := range d.Keys() {
		everything += " " + key.APISecret
	}
	status, body := answer.Code, answer.Body.String()
	if lying {
		everything += " " + told.word
		status, body = told.status, strings.ReplaceAll(told.body, "EVERYTHING", everything)
	}
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	defer connection.Close()
	fmt.Fprintf(connection, "HTTP/1.1 %d %s\r\nX-Request-Id: %[2]s\r\nLocation: /%[2]s\r\nRetry-After: %[2]s\r\nContent-Type: application/json\r\n",
		status, everything)
	if !lying {
		fmt.Fprintf(connection, "Connection: close\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
		return
	}
	fmt.Fprintf(connection, "Content-Length: %d\r\n\r\n%s", len(body), body)
	fmt.Fprintf(connection, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(unsolicited), unsolicited)
	_, _ = io.Copy(io.Discard, connection)
}

// lies repeat secrets in every form of a refusal, word among them.
func lies(method, word string) []lie {
	encoded := base64.StdEncoding.EncodeToString([]byte("orders:" + simulator.DefaultSecret + ":" + word))
	forms := "EVERYTHING; Basic " + encoded + `; \u001b]52;c;eA==\u0007`
	return []lie{
		{method, 500, `{"detail": "cannot set ` + forms + `"}`, word},
		{method, 422, `{"detail": [{"loc": ["body", "` + simulator.DefaultSecret + `"], "msg": "` + forms + `", "type": "t", "input": "EVERYTHING"}]}`, word},
		{method, 400, "EVERYTHING\x1b]52;c;eA==\x07", word},
		{method, 200, `{"id": {"EVERYTHING": "EVERYTHING"}, "name": "EVERYTHING"`, word},
	}
}

const dishonestKey = `
variable "word" {
  type      = string
  ephemeral = true
}

provider "streamkap" {
  max_retries = 1
}

resource "streamkap_project_key" "test" {
  name     = "orders"
  role_ids = ["` + simulator.RoleAdmin + `"]

  kafka {
    username            = "orders"
    password_wo         = var.word
    password_wo_version = %d
  }

  timeouts {
    create = "10s"
    update = "10s"
  }
}
`

func TestAccDishonestService_NoSecretShown(t *testing.T) {
	t.Parallel()
	acctest.Hide(firstWord, secondWord)
	service := &dishonest{Server: simulator.New(simulator.Config{})}
	listener := httptest.NewServer(service)
	t.Cleanup(listener.Close)
	w := acctest.NewWorkspace(t, &acctest.Service{Server: service.Server, URL: listener.URL})
	protocol := filepath.Join(w.Dir, "protocol")
	if err := os.Mkdir(protocol, 0o700); err != nil {
		t.Fatal(err)
	}
	w.Setenv("TF_LOG", "TRACE")
	w.Setenv("TF_LOG_SDK_PROTO_DATA_DIR", protocol)
	configure := func(word string, version int) {
		w.Setenv("TF_VAR_word", word)
		w.Write("main.tf", acctest.Required+fmt.Sprintf(dishonestKey, version))
	}
	printed := ""
	fails := func(told lie, command ...string) {
		service.lie.Store(&told)
		output, err := w.Try(command...)
		if err == nil {
			t.Errorf("%s succeeds where %s is answered %d %s", command[0], told.method, told.status, told.body)
		}
		printed += output
		service.lie.Store(nil)
	}

	configure(firstWord, 1)
	fails(lies(http.MethodGet, firstWord)[1], "apply", "-auto-approve")
	printed += w.Run("apply", "-auto-approve")
	// A plan starts a provider that was given no password yet.
	for _, told := range lies(http.MethodGet, "") {
		fails(told, "plan")
	}
	configure(secondWord, 2)
	fails(lies(http.MethodPatch, secondWord)[2], "apply", "-auto-approve")
	wantUnseen(t, w, printed, protocol)
}

// wantUnseen looks through what was printed and logged. What else was left
// behind is looked through when the test ends.
func wantUnseen(t *testing.T, w *acctest.Workspace, printed, protocol string) {
	t.Helper()
	log := w.Read("trace.log")
	for name, text := range map[string]string{"the output": printed, "the log": log} {
		if found := acctest.NewScanner().Text([]byte(text)); len(found) > 0 {
			slices.Sort(found)
			t.Errorf("%s shows %q", name, slices.Compact(found))
		}
		if strings.Contains(text, "\x1b]") || strings.Contains(text, `\u001b`) || bytes.ContainsRune([]byte(text), '\x07') {
			t.Errorf("%s commands the terminal", name)
		}
	}
	if files, err := os.ReadDir(protocol); err != nil || len(files) > 0 {
		t.Errorf("the protocol is in %d files: %v", len(files), err)
	}
	if !strings.Contains(log, "TF_LOG_SDK_PROTO_DATA_DIR is ignored") {
		t.Error("the log does not say that the protocol is kept out of files")
	}
}
