package sessions

import (
	"net/http"
	"testing"

	"realtimekit-digest/internal/simulator/realtimekit"
)

// TestLive: the live sessions cost one request, whatever it brings.
func TestLive(t *testing.T) {
	data := account()
	want := 0
	for _, s := range data {
		if s.Status == realtimekit.Live {
			want++
		}
	}
	if want == 0 {
		t.Fatal("no session of the data set is live")
	}
	server, client := start(t, realtimekit.Config{Sessions: data})
	coverage, err := client.Read(t.Context(), berlin(), func(Session) {})
	if err != nil || coverage.Live != want || !coverage.Complete {
		t.Errorf("%+v, want %d live sessions (%v)", coverage, want, err)
	}
	asked := 0
	for _, r := range server.Requests() {
		if r.Query["status"][0] == "LIVE" {
			asked++
		}
	}
	if asked != 1 {
		t.Errorf("%d requests for live sessions", asked)
	}
}

// TestLiveFails: an answer that says nothing for sure leaves the number out
// and changes nothing else.
func TestLiveFails(t *testing.T) {
	row := `{"id":"a","status":"LIVE"}`
	for name, live := range map[string]func() (*http.Response, error){
		"503":                   fail(503, ""),
		"403":                   fail(403, ""),
		"429":                   fail(429, "", "Retry-After", "300"),
		"nothing":               fail(200, ""),
		"no total":              fail(200, pageJSON(-1, row)),
		"a total without a row": fail(200, pageJSON(7)),
		"a row without a total": fail(200, pageJSON(0, row)),
		"ended ones":            fail(200, pageJSON(7, sessionJSON("a", "1", "2026-11-21T11:20:00Z"))),
	} {
		asked := 0
		client := newClient(t, "https://api.example/", roundTripper(func(r *http.Request) (*http.Response, error) {
			if r.URL.Query().Get("status") == "LIVE" {
				asked++
				return live()
			}
			return onePage(r), nil
		}))
		coverage, err := client.Read(t.Context(), berlin(), func(Session) {})
		if err != nil || coverage.Live != -1 || !coverage.Complete || coverage.Counted != 1 || asked != 1 {
			t.Errorf("%s: %+v after %d requests (%v)", name, coverage, asked, err)
		}
	}
}
