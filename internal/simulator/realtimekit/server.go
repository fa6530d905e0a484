package realtimekit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Config says what a [Server] serves, and to whom.
type Config struct {
	AccountID, AppID, Token string // all required; another account, app or token is refused
	Sessions                []Session
	Reading                 Reading
	Latency                 time.Duration // before each answer
	// QuotaPer5Min is how many requests are answered in five minutes from the first one; every further one gets 429
	// until they are over. 0 is without limit.
	QuotaPer5Min int
	// Now is the server's clock, for Date, Retry-After and the quota. Nil is time.Now: set it for a clock that is off.
	Now func() time.Time
}

// A Request is one request that reached the server. The token is not kept.
type Request struct {
	At       time.Time // by the server's clock
	Path     string
	Query    map[string][]string
	Status   int    // of the answer; 0 where none was sent
	Rows     int    // in the answer, before a fault changed it
	Fault    string // name of the fault that it met; empty for none
	InFlight int    // how many requests waited for their answer when it arrived, itself included
}

// A Server is a running simulator. It is safe for use by several goroutines.
type Server struct {
	config Config
	base   *dataset
	http   *http.Server
	url    string
	closed chan struct{}
	active sync.WaitGroup

	mu          sync.Mutex
	closing     bool
	requests    []Request
	inFlight    int
	next        []Fault
	nextOfPage  map[int][]Fault
	always      *Fault
	spoilt      map[string][]RowFault
	periodStart time.Time // of the quota
	periodCount int

	data sync.Mutex // for base and Reading.Mutate
}

// Start starts a server on a free port of 127.0.0.1. It refuses a config that it cannot serve.
func Start(config Config) (*Server, error) {
	if config.AccountID == "" || config.AppID == "" || config.Token == "" {
		return nil, errors.New("start realtimekit simulator: account id, app id and token are required")
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	config.Reading = config.Reading.withDefaults()
	if err := config.Reading.check(); err != nil {
		return nil, fmt.Errorf("start realtimekit simulator: %w", err)
	}
	config.Sessions = slices.Clone(config.Sessions)
	base, err := newDataset(config.Sessions, encoder{config.AppID, config.Reading})
	if err != nil {
		return nil, fmt.Errorf("start realtimekit simulator: %w", err)
	}
	if config.Reading.Mutate == nil {
		base.encodeAll()
	}
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start realtimekit simulator: %w", err)
	}
	s := &Server{
		config: config, base: base, url: "http://" + listener.Addr().String() + "/client/v4/", closed: make(chan struct{}),
		nextOfPage: make(map[int][]Fault), spoilt: make(map[string][]RowFault),
	}
	s.http = &http.Server{
		Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0),
	}
	s.active.Go(func() { _ = s.http.Serve(listener) })
	return s, nil
}

// URL is the base URL, which ends in "/client/v4/".
func (s *Server) URL() string { return s.url }

// Close cuts all connections and waits until nothing of the server runs any more. It may be called twice.
func (s *Server) Close() {
	s.mu.Lock()
	if !s.closing {
		s.closing = true
		close(s.closed)
	}
	s.mu.Unlock()
	_ = s.http.Close()
	s.active.Wait()
}

// Requests returns all requests so far in the order in which they arrived. The one with the number n that a
// [Reading.Mutate] sees is at n−1.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Fail gives these faults to the next requests, one each, in this order and behind those of earlier calls. Afterwards
// requests are answered as usual.
func (s *Server) Fail(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next = append(s.next, faults...)
}

// FailPage gives these faults to the next requests whose page_no is page, one each. They come before those of
// [Server.Fail]. A request without page_no asks for page 1.
func (s *Server) FailPage(page int, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextOfPage[page] = append(s.nextOfPage[page], faults...)
}

// FailAlways gives this fault to every request that gets no other one, until [Server.Heal].
func (s *Server) FailAlways(fault Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.always = &fault
}

// Spoil makes the row of the session with this id faulty in every answer, in whatever order rows are asked for.
func (s *Server) Spoil(sessionID string, faults ...RowFault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spoilt[sessionID] = append(s.spoilt[sessionID], faults...)
}

// Heal takes back all faults that are still to come.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next, s.always = nil, nil
	clear(s.nextOfPage)
	clear(s.spoilt)
}
