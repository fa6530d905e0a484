package sessions

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"realtimekit-digest/internal/simulator/realtimekit"
)

const (
	testAccount = "0123456789abcdef0123456789abcdef"
	testApp     = "2a1b3c4d-aaaa-bbbb-cccc-1234567890ab"
	testToken   = "cf-token-that-nobody-may-see"
)

// start runs a simulator and a client for it.
func start(t *testing.T, config realtimekit.Config) (*realtimekit.Server, *Client) {
	t.Helper()
	config.AccountID, config.AppID, config.Token = testAccount, testApp, testToken
	server, err := realtimekit.Start(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server, newClient(t, server.URL(), nil)
}

func newClient(t *testing.T, url string, transport http.RoundTripper) *Client {
	t.Helper()
	client, err := New(Config{
		BaseURL: url, Token: testToken, AccountID: testAccount, PageSize: 100,
		RequestsPer5Minutes: 100_000, Lookback: 48 * time.Hour, Reserve: time.Second, Transport: transport,
	}, discard())
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// figures adds sessions up the way that the simulator's recount does.
type figures struct{ realtimekit.Figures }

func newFigures() figures {
	return figures{realtimekit.Figures{Minutes: new(big.Rat), Meetings: map[string]realtimekit.MeetingFigures{}}}
}

func (f *figures) add(s Session) {
	minutes, ok := new(big.Rat).SetString(s.Minutes.String())
	if !ok {
		panic("minutes that are no number: " + s.Minutes.String())
	}
	f.Sessions++
	f.Minutes.Add(f.Minutes, minutes)
	m := f.Meetings[s.MeetingID]
	if m.Minutes == nil {
		m.Minutes = new(big.Rat)
	}
	m.Sessions++
	m.Minutes.Add(m.Minutes, minutes)
	m.Peak = max(m.Peak, s.Peak)
	f.Meetings[s.MeetingID] = m
}

// differ says in what two figures differ, empty when in nothing.
func differ(got, want realtimekit.Figures) string {
	switch {
	case got.Sessions != want.Sessions:
		return fmt.Sprintf("%d sessions, want %d", got.Sessions, want.Sessions)
	case got.Minutes.Cmp(want.Minutes) != 0:
		return fmt.Sprintf("%s minutes, want %s", got.Minutes.FloatString(6), want.Minutes.FloatString(6))
	case len(got.Meetings) != len(want.Meetings):
		return fmt.Sprintf("%d meetings, want %d", len(got.Meetings), len(want.Meetings))
	}
	for id, w := range want.Meetings {
		g := got.Meetings[id]
		if g.Sessions != w.Sessions || g.Peak != w.Peak || g.Minutes.Cmp(w.Minutes) != 0 {
			return fmt.Sprintf("meeting %s is %+v, want %+v", id, g, w)
		}
	}
	return ""
}

// roundTripper is a transport made of a function, for tests without a network.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// answer is a canned answer.
func answer(status int, body string, headers ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

// sessionJSON is one row as the API writes it.
func sessionJSON(id, minutes, ended string) string {
	return fmt.Sprintf(`{"id":%q,"status":"ENDED","associated_id":"m1","minutes_consumed":%s,"ended_at":%q}`, id, minutes, ended)
}

// pageJSON is an answer with rows and, unless negative, a total.
func pageJSON(total int, rows ...string) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"success":true,"data":{"sessions":[%s]}`, strings.Join(rows, ","))
	if total >= 0 {
		fmt.Fprintf(&b, `,"paging":{"total_count":%d}`, total)
	}
	b.WriteString("}")
	return b.String()
}

// decodePage reads one answer with a decoder of its own.
func decodePage(body io.Reader) (*page, error) {
	p := new(page)
	err := newDecoder(testToken).decode(body, p)
	return p, err
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }
