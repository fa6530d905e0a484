package realtimekit_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"realtimekit-digest/internal/simulator/realtimekit"
)

// effect is what a client must see of a fault.
type effect struct {
	status int
	begin  string // of the body
	json   bool   // whether the body is JSON
	retry  string // Retry-After
	err    error  // from the connection
}

func effects() map[string]effect {
	date := noon.Add(time.Second).Format(http.TimeFormat)
	gateway := func(code string) string { return `{"success":false,"errors":[{"code":` + code }
	service := func(status int) string { return `{"success":false,"error":{"code":` + strconv.Itoa(status) }
	all := map[string]effect{
		"status 400": {400, gateway("6003"), true, "", nil}, "status 401": {401, gateway("10000"), true, "", nil},
		"status 403": {403, gateway("10000"), true, "", nil}, "status 404": {404, gateway("7003"), true, "", nil},
		"status 408": {408, service(408), true, "", nil}, "status 409": {409, service(409), true, "", nil},
		"status 422": {422, service(422), true, "", nil}, "status 429": {429, gateway("971"), true, "", nil},
		"status 429, Retry-After 1":              {429, gateway("971"), true, "1", nil},
		"status 429, Retry-After 300":            {429, gateway("971"), true, "300", nil},
		"status 429, Retry-After a date in 1s":   {429, gateway("971"), true, date, nil},
		"status 500":                             {500, service(500), true, "", nil},
		"reset before the answer":                {err: syscall.ECONNRESET},
		"reset inside the body":                  {err: syscall.ECONNRESET},
		"hang before the answer":                 {err: context.DeadlineExceeded},
		"hang inside the body":                   {err: context.DeadlineExceeded},
		"truncated, length agrees":               {200, `{"success":true,"data":{"sessions":[`, false, "", nil},
		"truncated, length disagrees":            {err: io.ErrUnexpectedEOF},
		"HTML with 200":                          {200, `<!DOCTYPE html>`, false, "", nil},
		"empty 200":                              {200, ``, false, "", nil},
		"gateway failure with 200":               {200, gateway("10001"), true, "", nil},
		"service failure with 200":               {200, service(500), true, "", nil},
		"result instead of data":                 {200, `{"success":true,"errors":[],"messages":[],"result":{"sessions":[{"id":"s000"`, true, "", nil},
		"data an array":                          {200, `{"success":true,"data":[{"id":"s000"`, true, "", nil},
		"data null":                              {200, `{"success":true,"data":null,"paging":{"total_count":3`, true, "", nil},
		"data missing":                           {200, `{"success":true,"paging":{"total_count":3`, true, "", nil},
		"data without sessions":                  {200, `{"success":true,"data":{},"paging":{`, true, "", nil},
		"sessions null":                          {200, `{"success":true,"data":{"sessions":null},"paging":{`, true, "", nil},
		"sessions an object":                     {200, `{"success":true,"data":{"sessions":{}},"paging":{`, true, "", nil},
		"status 429, Retry-After soon":           {429, gateway("971"), true, "soon", nil},
		"service status 401":                     {401, `{"success":false,"error":{"code":401,"message":"no \"entry\""}}`, true, "", nil},
		"status 418 (not among those of Faults)": {418, service(418), true, "", nil},
	}
	for _, status := range []int{502, 503, 504, 520, 521, 522, 523, 524, 525, 526} {
		all["status "+strconv.Itoa(status)] = effect{status, "<!DOCTYPE html>", false, "", nil}
	}
	return all
}

func TestFaults(t *testing.T) {
	faults := realtimekit.Faults()
	teapot := realtimekit.Status(418)
	teapot.Name += " (not among those of Faults)"
	faults = append(faults, realtimekit.ServiceStatus(401, `no "entry"`), teapot,
		realtimekit.TooManyRequests("status 429, Retry-After soon", func(time.Time) string { return "soon" }))
	want := effects()
	for _, fault := range faults {
		t.Run(fault.Name, func(t *testing.T) {
			expected, ok := want[fault.Name]
			if !ok {
				t.Fatal("no expectation, or listed twice")
			}
			delete(want, fault.Name)
			server := start(t, realtimekit.Config{Sessions: few(3), Now: func() time.Time { return noon }})
			server.Fail(fault)
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			if errors.Is(expected.err, context.DeadlineExceeded) {
				ctx, cancel = context.WithTimeout(context.Background(), 100*time.Millisecond)
			}
			defer cancel()
			got, err := getUntil(ctx, server)
			if !errors.Is(err, expected.err) || expected.err == nil && err != nil {
				t.Fatalf("error %v, want %v", err, expected.err)
			}
			if err == nil {
				if got.status != expected.status || !strings.HasPrefix(got.body, expected.begin) || got.header.Get("Retry-After") != expected.retry {
					t.Errorf("%d %v %.200s", got.status, got.header, got.body)
				}
				if valid := json.Valid([]byte(got.body)); valid != expected.json {
					t.Errorf("valid JSON is %v: %s", valid, got.body)
				}
				if isHTML := strings.HasPrefix(got.body, "<"); isHTML != strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
					t.Errorf("content type %s", got.header.Get("Content-Type"))
				}
			}
			if r := server.Requests(); len(r) != 1 || r[0].Fault != fault.Name || r[0].Status != got.status && err == nil {
				t.Errorf("record %+v", r)
			}
			equal(t, "the next request", list(t, server, "sort_order=ASC").ids(), []string{"s000", "s001", "s002"})
		})
	}
	for name := range want {
		t.Errorf("%s is not tested", name)
	}
}

// getUntil is get within a context.
func getUntil(ctx context.Context, server *realtimekit.Server) (reply, error) {
	url := server.URL() + "accounts/" + account + "/realtime/kit/" + app + "/sessions?sort_order=ASC"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return reply{}, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := client().Do(request)
	if err != nil {
		return reply{}, err
	}
	content, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, response.Header, string(content)}, errors.Join(err, response.Body.Close())
}

// TestRowFaults spoils the second row and looks at what became of it. "-" stands for a member that is not there.
func TestRowFaults(t *testing.T) {
	want := map[string][2]string{ // member and value
		"minutes missing": {"minutes_consumed", "-"}, "minutes null": {"minutes_consumed", "null"},
		"minutes a word": {"minutes_consumed", `"oops"`}, "minutes a numeric string": {"minutes_consumed", `"12.5"`},
		"minutes negative": {"minutes_consumed", "-1.5"}, "minutes the text NaN": {"minutes_consumed", `"NaN"`},
		"minutes absurd": {"minutes_consumed", "1e308"}, "minutes an object": {"minutes_consumed", `{"total":1}`},
		"id missing": {"id", "-"}, "id null": {"id", "null"}, "id a number": {"id", "7"}, "id empty": {"id", `""`},
		"status missing": {"status", "-"}, "status LIVE": {"status", `"LIVE"`}, "status unknown": {"status", `"PAUSED"`},
		"ended_at null": {"ended_at", "null"}, "ended_at missing": {"ended_at", "-"}, "ended_at the text null": {"ended_at", `"null"`},
		"ended_at garbage": {"ended_at", `"yesterday"`}, "ended_at a number": {"ended_at", "1763791203"},
		"ended before started": {"started_at", `"2999-01-01T00:00:00.000Z"`},
		"title of 10 MB":       {"meeting_display_name", `"` + strings.Repeat("ha", 5<<20) + `"`}, "title a number": {"meeting_display_name", "42"},
		"row null": {"", "null"}, "row a string": {"", `"session"`},
	}
	server := start(t, realtimekit.Config{Sessions: few(3)})
	for _, fault := range append(realtimekit.RowFaults(), realtimekit.Drop("unused", "no such member")) {
		t.Run(fault.Name, func(t *testing.T) {
			expected := want[fault.Name]
			server.Fail(realtimekit.Row(1, fault))
			got, err := get(server, "sort_order=ASC")
			if err != nil || got.status != 200 {
				t.Fatal(got.status, err)
			}
			if fault.Name == "minutes a bare NaN" {
				if json.Valid([]byte(got.body)) || !strings.Contains(got.body, `"minutes_consumed":NaN,`) {
					t.Errorf("got %.1000s", got.body)
				}
				return
			}
			var b struct {
				Data struct{ Sessions []json.RawMessage }
			}
			if err := json.Unmarshal([]byte(got.body), &b); err != nil || len(b.Data.Sessions) != 3 {
				t.Fatalf("%d rows, %v", len(b.Data.Sessions), err)
			}
			value := b.Data.Sessions[1]
			if expected[0] != "" {
				var row map[string]json.RawMessage
				if err := json.Unmarshal(value, &row); err != nil {
					t.Fatal(err)
				}
				if value = row[expected[0]]; value == nil {
					value = json.RawMessage("-")
				}
			}
			if fault.Name != "unused" && string(value) != expected[1] {
				t.Errorf("%s is %.100s, want %.100s", expected[0], value, expected[1])
			}
			usual := list(t, server, "sort_order=ASC")
			for i := range 3 {
				row, _ := json.Marshal(usual.Data.Sessions[i])
				other := map[string]json.RawMessage{}
				_ = json.Unmarshal(b.Data.Sessions[i], &other)
				if again, _ := json.Marshal(other); i != 1 && string(again) != string(row) {
					t.Errorf("row %d has changed: %s", i, again)
				}
			}
			equal(t, "ids without the fault", usual.ids(), []string{"s000", "s001", "s002"})
		})
	}
	if len(realtimekit.RowFaults()) != len(want)+1 { // and the bare NaN
		t.Errorf("%d faults, %d expectations", len(realtimekit.RowFaults()), len(want))
	}
}

func TestWhichRequestFails(t *testing.T) {
	server := start(t, realtimekit.Config{Sessions: few(3)})
	statuses := func(queries ...string) []int {
		t.Helper()
		var got []int
		for _, q := range queries {
			a, err := get(server, q)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, a.status)
		}
		return got
	}
	server.Fail(realtimekit.Status(500), realtimekit.Status(502))
	server.Fail(realtimekit.Status(503))
	equal(t, "in turn", statuses("", "", "", ""), []int{500, 502, 503, 200})

	server.Fail(realtimekit.Status(500))
	server.FailPage(2, realtimekit.Status(408), realtimekit.Status(409))
	server.FailPage(1, realtimekit.Status(422))
	equal(t, "by page", statuses("page_no=2", "page_no=3", "page_no=2", "page_no=2", "", "page_no=1"), []int{408, 500, 409, 200, 422, 200})

	server.FailAlways(realtimekit.Status(504))
	server.Fail(realtimekit.Status(500))
	equal(t, "always", statuses("", "", "", "page_no=9"), []int{500, 504, 504, 504})
	server.Fail(realtimekit.Status(500))
	server.FailPage(1, realtimekit.Status(500))
	server.Heal()
	equal(t, "healed", statuses("", "", "page_no=2"), []int{200, 200, 200})
}

func TestSpoil(t *testing.T) {
	server := start(t, realtimekit.Config{Sessions: few(5)})
	server.Spoil("s003", realtimekit.MinutesNull(), realtimekit.TitleNumber())
	for _, q := range []string{"sort_order=ASC", "sort_order=DESC", "sort_by=minutesConsumed&per_page=2&page_no=1"} {
		for _, row := range list(t, server, q).Data.Sessions {
			spoilt := string(row["minutes_consumed"]) == "null" && string(row["meeting_display_name"]) == "42"
			if spoilt != (string(row["id"]) == `"s003"`) {
				t.Errorf("%s: row %s spoilt: %v", q, row["id"], spoilt)
			}
		}
	}
	server.Heal()
	if row := list(t, server, "search=s003").Data.Sessions[0]; string(row["minutes_consumed"]) != "3" {
		t.Errorf("not healed: %s", row["minutes_consumed"])
	}
}

func TestRowFaultOnAnEmptyPage(t *testing.T) {
	server := start(t, realtimekit.Config{Sessions: few(2)})
	server.Fail(realtimekit.Row(0, realtimekit.RowNull()), realtimekit.Row(99, realtimekit.IDEmpty()))
	equal(t, "empty page", list(t, server, "page_no=7").ids(), []string{})
	equal(t, "last row", list(t, server, "sort_order=ASC").ids(), []string{"s000", ""})
}

// TestCloseEndsWhatHangs: neither a hang nor a latency outlives the server.
func TestCloseEndsWhatHangs(t *testing.T) {
	for name, config := range map[string]realtimekit.Config{"hang": {}, "latency": {Latency: time.Hour}} {
		t.Run(name, func(t *testing.T) {
			server := start(t, config)
			if config.Latency == 0 {
				server.FailAlways(realtimekit.HangBeforeAnswer())
			}
			done := make(chan error, 1)
			go func() {
				_, err := get(server, "")
				done <- err
			}()
			for len(server.Requests()) == 0 {
				time.Sleep(time.Millisecond)
			}
			server.Close()
			select {
			case err := <-done:
				if err == nil {
					t.Error("the hanging request was answered")
				}
			case <-time.After(5 * time.Second):
				t.Error("the hanging request goes on")
			}
			if _, err := get(server, ""); !errors.Is(err, syscall.ECONNREFUSED) {
				t.Errorf("after Close: %v", err)
			}
		})
	}
}
