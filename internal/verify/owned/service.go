// SPDX-License-Identifier: MPL-2.0

package owned

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/hashicorp/go-cleanhttp"
)

const (
	requestTimeout = time.Minute
	attempts       = 5
	// MaxAnswer is the longest answer that is read, but for lists.
	MaxAnswer = 1 << 20

	pathKeys     = "/project-keys"
	pathExchange = "/auth/access-token"
)

// Config says where a service is, and how to treat it.
type Config struct {
	// Host is the base URL of the service.
	Host string
	// ClientID and Secret need the permission to write project keys.
	ClientID, Secret string
	// ServiceID is the project that the credentials have to belong to.
	ServiceID string
	// Journal is the file for what the run is about to ask for.
	Journal string
	// Pace is how far apart requests are.
	Pace time.Duration
	// Transport carries the requests; nil means the usual one.
	Transport http.RoundTripper
	// Progress is told what a person should know, Heard of every answer, and Row of
	// every row of a list. Each may be nil.
	Progress io.Writer
	Heard    func(Answer)
	Row      func(Value)
	// Sync has the journal written to the disk; nil means Syncer.Sync.
	Sync func(Syncer) error
}

// Service is a service, and the keys there that a run has asked for. It takes
// one request at a time.
type Service struct {
	Config
	Keys []*Key

	journal *os.File
	run     string // how the names of the run's keys begin
	token   string
	next    time.Time         // when the next request may go out
	clock   time.Time         // the service's own, as its last answer showed it
	before  map[string]Digest // keys that were there before the run

	// NotOwn is the first NotOwnError, and Broken what was wrong with the journal.
	NotOwn, Broken error
}

// New returns a service. Nothing is sent yet.
func New(config Config) *Service {
	if config.Transport == nil {
		config.Transport = newTransport()
	}
	if config.Heard == nil {
		config.Heard = func(Answer) {}
	}
	if config.Row == nil {
		config.Row = func(Value) {}
	}
	if config.Sync == nil {
		config.Sync = Syncer.Sync
	}
	return &Service{Config: config}
}

// newTransport carries each request over a connection of its own, and by
// HTTP/1.1: net/http repeats requests unasked over any other.
func newTransport() http.RoundTripper {
	transport := cleanhttp.DefaultTransport()
	transport.Protocols = new(http.Protocols)
	transport.Protocols.SetHTTP1(true)
	transport.MaxResponseHeaderBytes = 1 << 18
	return transport
}

// Say tells a person what is being done.
func (s *Service) Say(format string, args ...any) {
	_, _ = fmt.Fprintf(cmp.Or(s.Progress, io.Discard), format+"\n", args...)
}

// Request is what is asked.
type Request struct {
	Step string
	Key  *Key // that it is about, if any
	Path string
	Body any
	// Token is whose token it carries: the service's own where it is empty.
	Token string
	// Header replaces what the service would send itself, and has the answer
	// passed on as it is: the request is somebody else's.
	Header http.Header

	method string
	proof  *proof
	list   *List
}

// changes tells whether the request may change something.
func (q Request) changes() bool { return q.method != http.MethodGet && q.Path != pathExchange }

// Get reads.
func (s *Service) Get(ctx context.Context, q Request) Answer {
	q.method = http.MethodGet
	return s.ask(ctx, q)
}

// Exchange exchanges credentials for a token.
func (s *Service) Exchange(ctx context.Context, q Request) Answer {
	q.method, q.Path = http.MethodPost, pathExchange
	return s.ask(ctx, q)
}

// errOtherProject does not repeat what the service said.
var errOtherProject = errors.New("the credentials do not belong to the project that -service-id names; nothing was changed")

// Identify checks whose credentials these are.
func (s *Service) Identify(ctx context.Context) error {
	s.Say("Asking whose credentials these are")
	if a := s.logIn(ctx); s.token == "" {
		return fmt.Errorf("the credentials could not be exchanged for a token at %s: %s", s.Host, a.Shape())
	}
	a := s.Get(ctx, Request{Step: "whoami", Path: "/auth/whoami"})
	switch project := a.Body.At("service_id").ID(); {
	case !a.OK():
		return fmt.Errorf("whoami could not be asked at %s: %s", s.Host, a.Shape())
	case project == "":
		return errors.New("whoami has no service_id, so it can't be told which project this is")
	case project != s.ServiceID:
		return errOtherProject
	}
	return nil
}

// StepExchange is the exchange of the run's own credentials.
const StepExchange = "exchange"

func (s *Service) logIn(ctx context.Context) Answer {
	s.token = ""
	a := s.Exchange(ctx, Request{Step: StepExchange, Body: map[string]any{"client_id": s.ClientID, "secret": s.Secret}})
	if a.OK() {
		s.token = a.Token()
	}
	return a
}

// ask sends a request until there is a clear answer, or there will be none. What
// changes something is repeated only where it has certainly not been done.
func (s *Service) ask(ctx context.Context, q Request) Answer {
	renewed := q.Token != "" || q.Path == pathExchange
	for attempt := 1; ; attempt++ {
		a := s.send(ctx, q)
		renew := a.Status == http.StatusUnauthorized && !renewed
		unclear := !a.OK() && !a.Refused() && a.Status != http.StatusUnauthorized
		again := renew || a.Status == http.StatusTooManyRequests || unclear && !q.changes()
		a.Repeated = again && attempt < attempts && q.Header == nil && ctx.Err() == nil
		s.Heard(a)
		switch {
		case !a.Repeated:
			return a
		case renew:
			renewed = true
			s.logIn(ctx)
		case Sleep(ctx, pauseAfter(a, attempt)) != nil:
			return a
		}
	}
}

// pauseAfter is what the service asks for, within reason, or grows.
func pauseAfter(a Answer, attempt int) time.Duration {
	if seconds, err := strconv.Atoi(a.Header.Get("Retry-After")); err == nil && seconds > 0 {
		return min(time.Duration(seconds), 60) * time.Second
	}
	return time.Second << (attempt - 1)
}

// send sends a request once. What changes something is waited for, interrupted
// or not.
func (s *Service) send(ctx context.Context, q Request) Answer {
	a := Answer{Step: q.Step, Method: q.method}
	if q.Key != nil {
		a.Key = q.Key.Kind
	}
	if a.Err = Sleep(ctx, time.Until(s.next)); a.Err != nil {
		return a
	}
	if q.changes() {
		ctx = context.WithoutCancel(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	a.Began = time.Now()
	s.next = a.Began.Add(s.Pace)
	a.Err = s.carry(ctx, q, &a)
	a.Ended = time.Now()
	if date, err := http.ParseTime(a.Header.Get("Date")); err == nil {
		s.clock = date.UTC()
	}
	return a
}

func (s *Service) carry(ctx context.Context, q Request, a *Answer) error {
	request, err := s.request(ctx, q)
	if err != nil {
		return err
	}
	// A client would follow redirects, and one could carry a secret elsewhere.
	response, err := s.Transport.RoundTrip(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	a.Status, a.Header = response.StatusCode, response.Header
	if q.list != nil && a.OK() {
		a.form = "with something that is no list of keys"
		return s.readList(q.list, response.Body)
	}
	most := MaxAnswer
	if q.Header != nil {
		most = maxList
	}
	raw, err := io.ReadAll(io.LimitReader(response.Body, int64(most)+1))
	if err == nil && len(raw) > most {
		a.form = fmt.Sprintf("with more than %d bytes", most)
		return errors.New("the answer is too long")
	}
	a.read(raw)
	return err
}

// request makes the request. That a PATCH or DELETE has its path from a proof
// alone is what keeps other keys from being changed.
func (s *Service) request(ctx context.Context, q Request) (*http.Request, error) {
	if q.changes() && q.method != http.MethodPost || q.proof != nil {
		if q.proof == nil {
			return nil, errors.New("there is no proof that the key is this run's")
		}
		q.Path = PathOf(q.proof.id)
	}
	body, err := json.Marshal(q.Body)
	if err != nil {
		return nil, err
	}
	if q.Body == nil {
		body = nil
	}
	request, err := http.NewRequestWithContext(ctx, q.method, s.Host+q.Path, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("the host is not a URL")
	}
	request.GetBody = nil
	if q.Header != nil {
		request.Header = q.Header
		return request, nil
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	request.Header.Set("User-Agent", "terraform-provider-streamkap-verify")
	if token := cmp.Or(q.Token, s.token); token != "" && q.Path != pathExchange {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	return request, nil
}

// Sleep waits, or says that there is no more to wait for.
func Sleep(ctx context.Context, pause time.Duration) error {
	select {
	case <-time.After(pause):
	case <-ctx.Done():
	}
	return ctx.Err()
}
