package realtimekit_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"realtimekit-digest/internal/simulator/realtimekit"
)

const (
	account = "0123456789abcdef0123456789abcdef"
	app     = "7d5b8c3e-0000-4000-8000-000000000001"
	token   = "a-very-secret-token"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// start runs a simulator for the length of a test.
func start(t testing.TB, config realtimekit.Config) *realtimekit.Server {
	t.Helper()
	config.AccountID, config.AppID, config.Token = account, app, token
	server, err := realtimekit.Start(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

// few makes n ended sessions: the i-th (from 0) has i minutes, was created i minutes after noon, started one hour
// later, ended two hours later and was last updated three hours later.
func few(n int) []realtimekit.Session {
	var sessions []realtimekit.Session
	for i := range n {
		created := noon.Add(time.Duration(i) * time.Minute)
		sessions = append(sessions, realtimekit.Session{
			ID: fmt.Sprintf("s%03d", i), MeetingID: fmt.Sprintf("m%d", i%3), Title: fmt.Sprintf("Meeting %d", i%3),
			Minutes: fmt.Sprint(i), Peak: i + 1, CreatedAt: created,
			StartedAt: created.Add(time.Hour), EndedAt: created.Add(2 * time.Hour), UpdatedAt: created.Add(3 * time.Hour),
		})
	}
	return sessions
}

// reply is an HTTP answer that has been read.
type reply struct {
	status int
	header http.Header
	body   string
}

// body is what a client sees of the answer. The rows stay raw.
type body struct {
	Success *bool `json:"success"`
	Data    struct {
		Sessions []map[string]json.RawMessage `json:"sessions"`
	} `json:"data"`
	Paging *struct {
		Total *int `json:"total_count"`
		Start int  `json:"start_offset"`
		End   int  `json:"end_offset"`
	} `json:"paging"`
}

// client keeps no connection: a fault on one cannot spoil the next request.
func client() *http.Client {
	return &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
}

// get asks for sessions with the right path and token.
func get(server *realtimekit.Server, query string) (reply, error) {
	return ask(server, http.MethodGet, "accounts/"+account+"/realtime/kit/"+app+"/sessions?"+query, "Bearer "+token)
}

func ask(server *realtimekit.Server, method, path, authorization string) (reply, error) {
	request, err := http.NewRequest(method, server.URL()+path, nil)
	if err != nil {
		return reply{}, err
	}
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	response, err := client().Do(request)
	if err != nil {
		return reply{}, err
	}
	content, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, response.Header, string(content)}, errors.Join(err, response.Body.Close())
}

// list asks for sessions and wants an answer that is right.
func list(t testing.TB, server *realtimekit.Server, query string) body {
	t.Helper()
	got, err := get(server, query)
	if err != nil {
		t.Fatal(err)
	}
	if got.status != http.StatusOK {
		t.Fatalf("status %d: %s", got.status, got.body)
	}
	var b body
	if err := json.Unmarshal([]byte(got.body), &b); err != nil {
		t.Fatalf("%v in %.300s", err, got.body)
	}
	if b.Success == nil || !*b.Success {
		t.Fatalf("no success: %.300s", got.body)
	}
	return b
}

// ids are the ids of the rows, in their order.
func (b body) ids() []string {
	ids := []string{}
	for _, row := range b.Data.Sessions {
		ids = append(ids, strings.Trim(string(row["id"]), `"`))
	}
	return ids
}

// sortedIDs are the ids whatever their order.
func (b body) sortedIDs() []string {
	ids := b.ids()
	slices.Sort(ids)
	return ids
}

func query(pairs ...string) string {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return values.Encode()
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func equal[T comparable](t testing.TB, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
