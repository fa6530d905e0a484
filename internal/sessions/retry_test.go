package sessions

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"realtimekit-digest/internal/simulator/realtimekit"
)

// onePage is a whole list: one row, and nothing after it.
func onePage(r *http.Request) *http.Response {
	if r.URL.Query().Get("status") == "LIVE" {
		return answer(200, pageJSON(0))
	}
	if r.URL.Query().Get("page_no") == "1" {
		return answer(200, pageJSON(1, sessionJSON("a", "1", "2026-11-21T11:20:00Z")))
	}
	return answer(200, pageJSON(1))
}

// TestRetries runs on a clock of its own: what a fault that passes costs, and
// what one that stays ends in.
func TestRetries(t *testing.T) {
	const date = "Sun, 22 Nov 2026 06:00:00 GMT"
	for _, tc := range []struct {
		name        string
		first       func() (*http.Response, error) // the first answer, before the good ones
		least, most time.Duration                  // until the second request
		permanent   bool
		says        string
	}{
		{name: "408", first: fail(408, ""), least: 375 * time.Millisecond, most: 625 * time.Millisecond},
		{name: "409", first: fail(409, ""), least: 375 * time.Millisecond, most: 625 * time.Millisecond},
		{name: "429 with seconds", first: fail(429, "", "Retry-After", "7"), least: 7 * time.Second, most: 7 * time.Second},
		{name: "429 with a date", first: fail(429, "", "Retry-After", "Sun, 22 Nov 2026 06:00:09 GMT", "Date", date), least: 9 * time.Second, most: 9 * time.Second},
		{name: "429 with a date that is over", first: fail(429, "", "Retry-After", "Sun, 22 Nov 2026 05:00:09 GMT", "Date", date), least: 375 * time.Millisecond, most: 625 * time.Millisecond},
		{name: "429 without Retry-After", first: fail(429, ""), least: 375 * time.Millisecond, most: 625 * time.Millisecond},
		{name: "429 with nonsense", first: fail(429, "", "Retry-After", "soon"), least: 375 * time.Millisecond, most: 625 * time.Millisecond},
		{name: "500", first: fail(500, ""), least: 375 * time.Millisecond, most: 625 * time.Millisecond},
		{name: "503 with seconds", first: fail(503, "", "Retry-After", "3"), least: 3 * time.Second, most: 3 * time.Second},
		{name: "502 with a page for people", first: fail(502, "<html>Bad gateway</html>"), least: 375 * time.Millisecond, most: 625 * time.Millisecond},
		{name: "526", first: fail(526, "<html>"), least: 375 * time.Millisecond, most: 625 * time.Millisecond},
		{name: "reset", first: func() (*http.Response, error) { return nil, errors.New("connection reset by peer") }, least: 375 * time.Millisecond, most: 625 * time.Millisecond},
		{name: "body cut short", first: func() (*http.Response, error) {
			r := answer(200, "")
			r.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"success":tr`), cut{}))
			return r, nil
		}, least: 375 * time.Millisecond, most: 625 * time.Millisecond},
		{name: "JSON cut short", first: fail(200, `{"success":true,"data":{"sess`), least: 375 * time.Millisecond, most: 625 * time.Millisecond},
		{name: "400 malformed token", first: fail(400, `{"success":false,"errors":[{"code":6003,"message":"Invalid request headers"}]}`), permanent: true, says: "Cloudflare cannot read the token (400, code 6003: Invalid request headers)"},
		{name: "401", first: fail(401, `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}`), permanent: true, says: "Cloudflare refused the token (401, code 10000: Authentication error): it needs the Realtime permission for account " + testAccount},
		{name: "403", first: fail(403, `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}`), permanent: true, says: "Cloudflare refused the token (403, code 10000"},
		{name: "404", first: fail(404, `{"success":false,"error":{"code":404,"message":"App not found"}}`), permanent: true, says: "Cloudflare does not know the account or the app (404: App not found)"},
		{name: "422", first: fail(422, `{"success":false,"error":{"code":422,"message":"per_page is too large"}}`), permanent: true, says: "did not accept the request (422: per_page is too large)"},
		{name: "HTML with 200", first: fail(200, "<html>"), least: 375 * time.Millisecond, most: 625 * time.Millisecond},
		{name: "nothing with 200", first: fail(200, ""), least: 375 * time.Millisecond, most: 625 * time.Millisecond},
		{name: "204", first: fail(204, ""), permanent: true, says: "answered 204 instead of 200"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				var asked []time.Duration
				client := newClient(t, "https://api.example/client/v4", roundTripper(func(r *http.Request) (*http.Response, error) {
					asked = append(asked, time.Since(begun))
					if len(asked) == 1 {
						return tc.first()
					}
					return onePage(r), nil
				}))
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				coverage, err := client.Read(ctx, berlin(), func(Session) {})
				if tc.permanent {
					var wrong *Error
					if !errors.As(err, &wrong) || wrong.Kind == Unavailable || len(asked) != 1 || !strings.Contains(err.Error(), tc.says) {
						t.Errorf("after %d requests: %v", len(asked), err)
					}
					return
				}
				if err != nil || !coverage.Complete || coverage.Counted != 1 || coverage.Requests != 5 {
					t.Fatalf("%+v, %v", coverage, err)
				}
				if asked[1] < tc.least || asked[1] > tc.most {
					t.Errorf("asked again after %s, want %s to %s", asked[1], tc.least, tc.most)
				}
			})
		})
	}
}

// fail is an answer with a status and a body.
func fail(status int, body string, headers ...string) func() (*http.Response, error) {
	return func() (*http.Response, error) { return answer(status, body, headers...), nil }
}

// cut is a body that ends with an error of the connection.
type cut struct{}

func (cut) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// TestGivingUp: what does not pass ends in time, with the reserve untouched
// and an error that tells what was wrong all the time.
func TestGivingUp(t *testing.T) {
	for _, tc := range []struct {
		name  string
		reply func(*http.Request) (*http.Response, error)
		says  string
		most  time.Duration
		tries int // exact number of requests, 0: several
	}{
		{"500 for ever", func(*http.Request) (*http.Response, error) { return answer(500, ""), nil }, "answered with an error (500)", 59 * time.Second, 0},
		{"refused for ever", func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") }, "connection refused", 59 * time.Second, 0},
		{"429 for 300 seconds", func(*http.Request) (*http.Response, error) { return answer(429, "", "Retry-After", "300"), nil }, "it asks to wait 5m0s", time.Second, 1},
		{"slow errors", func(r *http.Request) (*http.Response, error) {
			select {
			case <-time.After(20 * time.Second):
				return answer(522, ""), nil
			case <-r.Context().Done():
				return nil, r.Context().Err()
			}
		}, "answered with an error (522)", 59 * time.Second, 3},
		{"hangs", func(r *http.Request) (*http.Response, error) { <-r.Context().Done(); return nil, r.Context().Err() }, "no answer in time", 59 * time.Second, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begun, asked := time.Now(), 0
				client := newClient(t, "https://api.example/client/v4/", roundTripper(func(r *http.Request) (*http.Response, error) {
					asked++
					return tc.reply(r)
				}))
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				_, err := client.Read(ctx, berlin(), func(Session) { t.Error("a session out of nothing") })
				var wrong *Error
				if !errors.As(err, &wrong) || wrong.Kind != Unavailable || !strings.Contains(err.Error(), tc.says) {
					t.Errorf("error %v", err)
				}
				if took := time.Since(begun); took > tc.most {
					t.Errorf("gave up after %s, the reserve begins after %s", took, tc.most)
				}
				if tc.tries != 0 && asked != tc.tries || tc.tries == 0 && asked < 3 {
					t.Errorf("%d tries", asked)
				}
			})
		})
	}
}

// TestMalformedForEver: an answer without sessions is asked for three times.
func TestMalformedForEver(t *testing.T) {
	for body, says := range map[string]string{
		"<html>":                   "a web page, not JSON",
		"":                         "is empty",
		`{"success":true}`:         "no data.sessions",
		`{"success":false}`:        "says success:false: send the report again later",
		pageJSON(1, "null") + "{}": "goes on after its end",
	} {
		synctest.Test(t, func(t *testing.T) {
			asked := 0
			client := newClient(t, "https://api.example/", roundTripper(func(*http.Request) (*http.Response, error) {
				asked++
				return answer(200, body), nil
			}))
			_, err := client.Read(t.Context(), berlin(), func(Session) {})
			var wrong *Error
			if !errors.As(err, &wrong) || wrong.Kind != Malformed || asked != 3 || !strings.Contains(err.Error(), says) {
				t.Errorf("%q after %d requests: %v", body, asked, err)
			}
		})
	}
}

// TestPageInTheMiddle: a fault of a later page is tried again as well, and
// one that stays makes an error, never a report without that page.
func TestPageInTheMiddle(t *testing.T) {
	for name, pages := range map[string][]realtimekit.Fault{
		"passes": {realtimekit.Status(502), realtimekit.ResetInsideBody(), realtimekit.TruncatedLongLength()},
		"stays":  {realtimekit.Status(403)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := account()
			server, client := start(t, realtimekit.Config{Sessions: data})
			server.FailPage(3, pages...)
			got := newFigures()
			coverage, err := client.Read(t.Context(), berlin(), got.add)
			if name == "stays" {
				if err == nil || !strings.Contains(err.Error(), "page 3") {
					t.Errorf("%+v, %v", coverage, err)
				}
				return
			}
			if err != nil || !coverage.Complete || differ(got.Figures, realtimekit.Recount(data, berlinStart, berlinEnd)) != "" {
				t.Errorf("%+v, %v", coverage, err)
			}
		})
	}
}

// TestPageThatIsTooLarge must not fill the memory.
func TestPageThatIsTooLarge(t *testing.T) {
	client := newClient(t, "https://api.example/", roundTripper(func(*http.Request) (*http.Response, error) {
		r := answer(200, "")
		r.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"success":true,"data":{"sessions":["`), endless{}))
		return r, nil
	}))
	_, err := client.Read(t.Context(), berlin(), func(Session) {})
	if !errors.Is(err, errTooLarge) || !strings.Contains(err.Error(), "REALTIMEKIT_PAGE_SIZE") {
		t.Error(err)
	}
}

type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

// TestNoSecretInErrors: whatever the other side says, the token is not in it.
func TestNoSecretInErrors(t *testing.T) {
	for _, body := range []string{
		`{"errors":[{"code":1,"message":"bad token ` + testToken + `"}]}`,
		`{"success":false,"error":{"message":"` + testToken + `"}}`,
		testToken,
	} {
		for _, status := range []int{200, 400, 401, 404, 422} {
			client := newClient(t, "https://api.example/", roundTripper(func(*http.Request) (*http.Response, error) { return answer(status, body), nil }))
			_, err := client.Read(t.Context(), berlin(), func(Session) {})
			if err == nil || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), testToken) {
				t.Errorf("status %d: %v", status, err)
			}
		}
	}
}

// TestQuota: in no span of five minutes are there more requests than allowed.
func TestQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const quota = 40
		var (
			mu    sync.Mutex
			asked []time.Time
		)
		client, err := New(Config{BaseURL: "https://api.example/", Token: testToken, AccountID: testAccount, PageSize: 1, RequestsPer5Minutes: quota,
			Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				mu.Lock()
				defer mu.Unlock()
				asked = append(asked, time.Now())
				n := r.URL.Query().Get("page_no")
				if len(asked) > 200 {
					return answer(200, pageJSON(200)), nil
				}
				return answer(200, pageJSON(200, sessionJSON("s"+n, "1", "2026-11-21T11:20:00Z"))), nil
			})}, newClient(t, "https://api.example/", nil).log)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.Read(t.Context(), berlin(), func(Session) {}); err != nil {
			t.Fatal(err)
		}
		if len(asked) < 200 || len(asked) > 203 {
			t.Fatalf("%d requests", len(asked))
		}
		for i := range asked {
			n := 0
			for _, at := range asked[i:] {
				if at.Sub(asked[i]) < 5*time.Minute {
					n++
				}
			}
			if n > quota {
				t.Fatalf("%d requests within five minutes of the %dth", n, i+1)
			}
		}
		t.Logf("200 requests took %s", asked[199].Sub(asked[0]))
	})
}
