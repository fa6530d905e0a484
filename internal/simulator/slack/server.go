// Package slack is a Slack for tests and for the local demo: the four Web API
// methods that a digest needs, on 127.0.0.1 only, as strict as Slack is known
// to be and with every fault at hand that a delivery has to survive.
//
// It refuses what Slack refuses, with Slack's own error code and, for blocks,
// the JSON pointers in response_metadata.messages. The limits of a message are
// those of package blockkit; this package knows which error Slack makes of
// them. Where the documentation and experience differ or are silent, it takes
// the stricter reading, and the comment says so.
//
// A Server accepts any message to any well-formed channel from any bot token
// until it is told otherwise: by SetToken, SetChannel, RefuseNative,
// RefuseTables, EnforceRate and, for single calls, Script.
//
// Not simulated: files, threads, attachments, markdown_text, views, scopes,
// scheduled and ephemeral messages, and response_url.
package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Who the simulated token belongs to, as auth.test answers and as the messages
// of its bot carry it.
const (
	BotID  = "B0SIMULATED"
	UserID = "U0SIMULATED"
	TeamID = "T0SIMULATED"
	AppID  = "A0SIMULATED"
)

// Message is a message as it stands in a channel.
type Message struct {
	// Channel is the channel's ID and TS the message's own in it.
	Channel, TS string
	// BotID is the bot that posted it, empty for a person.
	BotID string
	Text  string
	// Blocks is the JSON array as it was sent, nil when there are none.
	Blocks json.RawMessage
	// Metadata is the JSON object as it was sent, nil when there is none.
	Metadata json.RawMessage
	// Edited tells that chat.update has changed the message.
	Edited bool
}

// Call is one request to the API. The token is never part of it.
type Call struct {
	// Method is what was called, such as "chat.postMessage".
	Method string
	// Channel is the argument of that name.
	Channel string
	// Status is the HTTP status of the answer, 0 while there is none and for
	// ever when the connection was cut instead.
	Status int
	// Error is Slack's error code, empty when the call was ok or the answer
	// was none of Slack's.
	Error string
}

// ChannelState is how a channel stands to the bot.
type ChannelState int

const (
	// Member is a channel that the bot may read and write.
	Member ChannelState = iota
	// WriteOnly is a public channel that the bot is not a member of but, with
	// the scope chat:write.public, may post to. Its history is closed to it.
	WriteOnly
	// NotMember is a channel that the bot is not a member of.
	NotMember
	// Archived is a channel that can be read but no longer written.
	Archived
	// Unknown is a channel that does not exist for the bot.
	Unknown
)

// Server is a running simulator. Its methods may be called at any time and
// from any goroutine.
type Server struct {
	url    string
	http   *http.Server
	served chan struct{} // closed when the server has stopped

	mu           sync.Mutex
	token        string
	channels     map[string]ChannelState
	messages     map[string][]Message // by channel, oldest first
	calls        []Call
	scripts      map[string][]Reply // by method, next first
	refuseNative bool
	refuseTables bool
	enforceRate  bool
	posted       map[string]time.Time // by channel, when last
	clock        func() time.Time
	lastTS       int64 // microseconds
}

// firstTS is the ts of the first message while no clock is set, in
// microseconds: 1763791203.000100.
const firstTS = 1763791203_000100

// Start begins to listen on a free port of 127.0.0.1.
func Start() (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start slack simulator: %w", err)
	}
	s := &Server{
		url:      "http://" + listener.Addr().String() + "/api/",
		served:   make(chan struct{}),
		channels: map[string]ChannelState{},
		messages: map[string][]Message{},
		scripts:  map[string][]Reply{},
		posted:   map[string]time.Time{},
		lastTS:   firstTS - int64(time.Second/time.Microsecond),
	}
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		defer close(s.served)
		_ = s.http.Serve(listener) // always ends with ErrServerClosed
	}()
	return s, nil
}

// URL is the base of the API and ends in "/api/".
func (s *Server) URL() string { return s.url }

// Close stops the server and cuts every connection, those of hanging calls
// too. It may be called more than once.
func (s *Server) Close() {
	_ = s.http.Close()
	<-s.served
}

// Messages are the messages of a channel as they stand now, oldest first.
func (s *Server) Messages(channel string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.messages[channel])
}

// Calls are all calls so far, in the order in which they came in.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// Script gives the next calls of a method these replies, in turn. After them
// the method behaves as ever. Replies that are already waiting come first.
func (s *Server) Script(method string, replies ...Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripts[method] = append(s.scripts[method], replies...)
}

// RefuseNative makes this a workspace that refuses data_table and
// data_visualization with invalid_blocks.
func (s *Server) RefuseNative(refuse bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuseNative = refuse
}

// RefuseTables makes this a workspace that refuses table as well as what
// RefuseNative does.
func (s *Server) RefuseTables(refuse bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuseTables = refuse
}

// EnforceRate lets one message per second into a channel and answers 429 with
// a Retry-After to what comes sooner (docs.slack.dev, Rate limits). Slack
// allows short bursts; this does not. Refused messages do not count.
func (s *Server) EnforceRate(enforce bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.enforceRate = enforce
}

// SetChannel says how a channel stands to the bot. A channel that was never
// set exists, and the bot is a member of it, if its ID is well formed.
func (s *Server) SetChannel(id string, state ChannelState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[id] = state
}

// SetToken sets the only token that is accepted. With "", as at the start,
// every bot token is: whatever begins with "xoxb-".
func (s *Server) SetToken(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = token
}

// SetClock makes the ts of new messages the time of the clock, as Slack's are,
// instead of counting seconds from 1763791203.000100; they still always grow.
// EnforceRate goes by the same clock, and by the system's if there is none. A
// client that looks for its message by the time at which it sent it needs one.
func (s *Server) SetClock(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = now
}

// Put places a message in a channel without any check, as if somebody else
// had posted it; only m.Channel is needed. Without a TS it gets the next one,
// which Put returns.
func (s *Server) Put(m Message) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.store(m)
}

// store needs the lock.
func (s *Server) store(m Message) string {
	if m.TS == "" {
		m.TS = s.nextTS()
	}
	list := append(s.messages[m.Channel], m)
	slices.SortStableFunc(list, func(a, b Message) int { return compareTS(a.TS, b.TS) })
	s.messages[m.Channel] = list
	return m.TS
}

// nextTS needs the lock. No two messages have the same ts, in any channel.
func (s *Server) nextTS() string {
	if s.clock == nil {
		s.lastTS += int64(time.Second / time.Microsecond)
	} else {
		s.lastTS = max(s.clock().UnixMicro(), s.lastTS+1)
	}
	return formatTS(s.lastTS)
}

// now needs the lock.
func (s *Server) now() time.Time {
	if s.clock == nil {
		return time.Now()
	}
	return s.clock()
}

// wait holds a call up, and reports whether the client is still there.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
