package realtimekit_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/option"
	"github.com/cloudflare/cloudflare-go/v7/realtime_kit"

	"realtimekit-digest/internal/simulator/realtimekit"
)

func TestSDKReadsAPage(t *testing.T) {
	sessions := few(250)
	audio := "3.25"
	sessions[249].Minutes, sessions[249].AudioMinutes = "1234.4567", &audio
	server := start(t, realtimekit.Config{Sessions: sessions})
	service := realtime_kit.NewSessionService(option.WithEnvironmentProduction(), option.WithBaseURL(server.URL()),
		option.WithAPIToken(token), option.WithMaxRetries(0))

	var params realtime_kit.SessionGetSessionsParams
	params.AccountID.Value, params.AccountID.Present = account, true
	params.PageNo.Value, params.PageNo.Present = 1, true
	params.PerPage.Value, params.PerPage.Present = 100, true
	params.SortBy.Value, params.SortBy.Present = realtime_kit.SessionGetSessionsParamsSortByMinutesConsumed, true
	params.SortOrder.Value, params.SortOrder.Present = realtime_kit.SessionGetSessionsParamsSortOrderDesc, true
	params.Status.Value, params.Status.Present = realtime_kit.SessionGetSessionsParamsStatusEnded, true
	params.StartTime.Value, params.StartTime.Present = noon, true
	params.EndTime.Value, params.EndTime.Present = noon.Add(24*time.Hour), true
	page, err := service.GetSessions(context.Background(), app, params)
	if err != nil {
		t.Fatal(err)
	}
	if !page.Success || page.Paging.TotalCount != 250 || page.Paging.StartOffset != 1 || page.Paging.EndOffset != 100 {
		t.Errorf("success %v, paging %+v", page.Success, page.Paging)
	}
	if len(page.Data.Sessions) != 100 {
		t.Fatalf("%d rows", len(page.Data.Sessions))
	}
	row := page.Data.Sessions[0]
	got := []string{row.ID, row.AssociatedID, row.MeetingDisplayName, string(row.Type), string(row.Status), row.OrganizationID,
		row.CreatedAt, row.StartedAt, row.EndedAt, row.UpdatedAt,
		fmt.Sprint(row.MinutesConsumed, row.MaxConcurrentParticipants, row.LiveParticipants, len(row.BreakoutRooms))}
	equal(t, "row", got, []string{"s249", "m0", "Meeting 0", "meeting", "ENDED", app,
		"2026-11-21T16:09:00.000Z", "2026-11-21T17:09:00.000Z", "2026-11-21T18:09:00.000Z", "2026-11-21T19:09:00.000Z",
		"1234.4567 250 0 0"})
	fields := row.JSON
	for name, missing := range map[string]bool{
		"id": fields.ID.IsMissing(), "associated_id": fields.AssociatedID.IsMissing(), "created_at": fields.CreatedAt.IsMissing(),
		"live_participants": fields.LiveParticipants.IsMissing(), "max_concurrent_participants": fields.MaxConcurrentParticipants.IsMissing(),
		"meeting_display_name": fields.MeetingDisplayName.IsMissing(), "minutes_consumed": fields.MinutesConsumed.IsMissing(),
		"organization_id": fields.OrganizationID.IsMissing(), "started_at": fields.StartedAt.IsMissing(), "status": fields.Status.IsMissing(),
		"type": fields.Type.IsMissing(), "updated_at": fields.UpdatedAt.IsMissing(), "breakout_rooms": fields.BreakoutRooms.IsMissing(),
		"ended_at": fields.EndedAt.IsMissing(),
	} {
		if missing {
			t.Errorf("%s is missing", name)
		}
	}
	for member, want := range map[string]string{
		"meta": "{}", "total_participants": "250", "audio_room_minutes_consumed": "3.25", "group_call_minutes_consumed": "1231.2067",
		"webinar_minutes_consumed": "0", "livestream_minutes_consumed": "0", "chat_minutes_consumed": "0",
		"recording_minutes_consumed": "0", "transcription_minutes_consumed": "0", "recording_status": "null",
		"livestream_status": "null", "parent_session_id": "null",
	} {
		if field, ok := fields.ExtraFields[member]; !ok || field.Raw() != want {
			t.Errorf("%s: %q, want %s", member, field.Raw(), want)
		}
	}
}

func TestRefusals(t *testing.T) {
	right := "accounts/" + account + "/realtime/kit/" + app + "/sessions"
	server := start(t, realtimekit.Config{Sessions: few(3)})
	tests := []struct {
		name, method, path, authorization string
		status                            int
		body                              string // part of it
	}{
		{"right", "GET", right, "Bearer " + token, 200, `"success":true`},
		{"unknown parameter", "GET", right + "?perPage=0&page=x", "Bearer " + token, 200, `"success":true`},
		{"no token", "GET", right, "", 401, `"errors":[{"code":10000,"message":"Authentication error"}]`},
		{"wrong token", "GET", right, "Bearer other", 401, `"errors":[{"code":10000,`},
		{"other scheme", "GET", right, "Basic " + token, 400, `"errors":[{"code":6003,`},
		{"token with a space", "GET", right, "Bearer a b", 400, `"code":6111`},
		{"empty token", "GET", right, "Bearer ", 400, `"errors":[{"code":6003,`},
		{"quoted token", "GET", right, `Bearer "` + token + `"`, 400, `"errors":[{"code":6003,`},
		{"other account", "GET", strings.Replace(right, account, "f00", 1), "Bearer " + token, 404, `"errors":[{"code":7003,`},
		{"other path", "GET", right + "s", "Bearer " + token, 404, `"errors":[{"code":7003,`},
		{"trailing slash", "GET", right + "/", "Bearer " + token, 404, `"errors":[{"code":7003,`},
		{"double slash", "GET", "/" + right, "Bearer " + token, 404, `"errors":[{"code":7003,`},
		{"app with a slash", "GET", strings.Replace(right, app, "a/b", 1), "Bearer " + token, 404, `"errors":[{"code":7003,`},
		{"other app", "GET", strings.Replace(right, app, "b", 1), "Bearer " + token, 404, `"error":{"code":404,`},
		{"post", "POST", right, "Bearer " + token, 405, `"success":false`},
		{"page negative", "GET", right + "?page_no=-1", "Bearer " + token, 422, `\"page_no\" must be greater than or equal to 0`},
		{"page a word", "GET", right + "?page_no=one", "Bearer " + token, 422, `\"page_no\" must be a number`},
		{"page empty", "GET", right + "?page_no=", "Bearer " + token, 422, `\"page_no\"`},
		{"page beyond all", "GET", right + "?page_no=9223372036854775807", "Bearer " + token, 200, `"sessions":[]`},
		{"per page zero", "GET", right + "?per_page=0", "Bearer " + token, 422, `\"per_page\" must be greater than 0`},
		{"per page negative", "GET", right + "?per_page=-5", "Bearer " + token, 422, `\"per_page\" must be greater than 0`},
		{"per page a word", "GET", right + "?per_page=many", "Bearer " + token, 422, `\"per_page\" must be a number`},
		{"sort by unknown", "GET", right + "?sort_by=minutes_consumed", "Bearer " + token, 422, `\"sort_by\" must be one of`},
		{"sort order lower case", "GET", right + "?sort_order=desc", "Bearer " + token, 422, `\"sort_order\" must be one of`},
		{"status lower case", "GET", right + "?status=ended", "Bearer " + token, 422, `\"status\" must be one of`},
		{"start a date", "GET", right + "?start_time=2026-11-21", "Bearer " + token, 422, `\"start_time\" must be a valid ISO 8601 date`},
		{"end with a bare plus", "GET", right + "?end_time=2026-11-21T00:00:00+01:00", "Bearer " + token, 422, `\"end_time\"`},
		{"end with a plus", "GET", right + "?end_time=2026-11-21T00:00:00%2B01:00", "Bearer " + token, 200, `"success":true`},
		{"participants a number", "GET", right + "?participants=3", "Bearer " + token, 422, `\"participants\"`},
		{"query malformed", "GET", right + "?search=%zz", "Bearer " + token, 422, `"error":{"code":422,`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := ask(server, test.method, test.path, test.authorization)
			if err != nil {
				t.Fatal(err)
			}
			if got.status != test.status || !strings.Contains(got.body, test.body) {
				t.Errorf("%d %s; want %d with %s", got.status, got.body, test.status, test.body)
			}
			if !json.Valid([]byte(got.body)) {
				t.Errorf("not JSON: %s", got.body)
			}
			if got.header.Get("Ratelimit") != `"default";r=1200;t=300` || got.header.Get("Date") == "" {
				t.Errorf("headers %v", got.header)
			}
		})
	}
	if record := fmt.Sprintf("%+v", server.Requests()); strings.Contains(record, token) {
		t.Error("the record of requests holds the token")
	}
}

func TestStartRefuses(t *testing.T) {
	tests := []struct {
		name   string
		change func(*realtimekit.Config)
	}{
		{"no account", func(c *realtimekit.Config) { c.AccountID = "" }},
		{"no app", func(c *realtimekit.Config) { c.AppID = "" }},
		{"no token", func(c *realtimekit.Config) { c.Token = "" }},
		{"unknown column", func(c *realtimekit.Config) { c.Reading.FilterColumn = "endedAt" }},
		{"negative page size", func(c *realtimekit.Config) { c.Reading.MaxPerPage = -1 }},
		{"minutes missing", func(c *realtimekit.Config) { c.Sessions[0].Minutes = "" }},
		{"minutes null", func(c *realtimekit.Config) { c.Sessions[0].Minutes = "null" }},
		{"minutes text", func(c *realtimekit.Config) { c.Sessions[0].Minutes = `"3"` }},
		{"minutes hexadecimal", func(c *realtimekit.Config) { c.Sessions[0].Minutes = "0x10" }},
		{"minutes infinite", func(c *realtimekit.Config) { c.Sessions[0].Minutes = "1e999" }},
		{"audio not a number", func(c *realtimekit.Config) { text := "NaN"; c.Sessions[0].AudioMinutes = &text }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			config := realtimekit.Config{AccountID: account, AppID: app, Token: token, Sessions: few(1)}
			test.change(&config)
			server, err := realtimekit.Start(config)
			if err == nil {
				server.Close()
				t.Error("started")
			}
		})
	}
}

func TestSearchAndFilters(t *testing.T) {
	sessions := few(6)
	sessions[4].Title = "Überraschung PARTY"
	server := start(t, realtimekit.Config{Sessions: sessions})
	tests := []struct {
		name, query string
		want        []string
	}{
		{"title whatever the case", query("search", "überraschung party"), []string{"s004"}},
		{"session id", query("search", "s003"), []string{"s003"}},
		{"meeting id", query("search", "m2"), []string{"s002", "s005"}},
		{"meeting", query("associated_id", "m1"), []string{"s001", "s004"}},
		{"part of a meeting's id", query("associated_id", "m"), []string{}},
		{"participants", query("participants", "2:3"), []string{"s001", "s002"}},
		{"two at once", query("associated_id", "m1", "search", "party"), []string{"s004"}},
		{"empty search", query("search", ""), []string{"s000", "s001", "s002", "s003", "s004", "s005"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			equal(t, "sessions", list(t, server, test.query).sortedIDs(), test.want)
		})
	}
}

func TestSortsExactly(t *testing.T) {
	var sessions []realtimekit.Session
	// The two with 17 nines are one float64, and so is the pair around 2^53.
	for i, minutes := range []string{
		"2", "10", "9007199254740993", "9007199254740992", "0.99999999999999999", "0.999999999999999991", "1e1", "0", "-1", "9.5E0",
	} {
		sessions = append(sessions, realtimekit.Session{
			ID: fmt.Sprintf("%d:%s", i, minutes), Minutes: minutes, CreatedAt: noon.Add(-time.Duration(i) * time.Millisecond),
		})
	}
	server := start(t, realtimekit.Config{Sessions: sessions})
	tests := []struct {
		name, query string
		want        []string
	}{
		{"minutes descending", "sort_by=minutesConsumed&sort_order=DESC", []string{"2:9007199254740993", "3:9007199254740992",
			"1:10", "6:1e1", "9:9.5E0", "0:2", "5:0.999999999999999991", "4:0.99999999999999999", "7:0", "8:-1"}},
		{"minutes ascending", "sort_by=minutesConsumed&sort_order=ASC", []string{"8:-1", "7:0", "4:0.99999999999999999",
			"5:0.999999999999999991", "0:2", "9:9.5E0", "1:10", "6:1e1", "3:9007199254740992", "2:9007199254740993"}},
		{"created ascending", "sort_by=createdAt&sort_order=ASC", []string{"9:9.5E0", "8:-1", "7:0", "6:1e1",
			"5:0.999999999999999991", "4:0.99999999999999999", "3:9007199254740992", "2:9007199254740993", "1:10", "0:2"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { equal(t, "order", list(t, server, test.query).ids(), test.want) })
	}
}

func TestQuota(t *testing.T) {
	clock := noon
	server := start(t, realtimekit.Config{Sessions: few(1), QuotaPer5Min: 2, Now: func() time.Time { return clock }})
	steps := []struct {
		after                 time.Duration // since the first request
		status                int
		rateLimit, retryAfter string
	}{
		{0, 200, `"default";r=1;t=300`, ""},
		{time.Minute, 200, `"default";r=0;t=240`, ""},
		{2 * time.Minute, 429, `"default";r=0;t=180`, "180"},
		{299500 * time.Millisecond, 429, `"default";r=0;t=1`, "1"},
		{5 * time.Minute, 200, `"default";r=1;t=300`, ""},
	}
	for _, step := range steps {
		clock = noon.Add(step.after)
		got, err := get(server, "")
		if err != nil {
			t.Fatal(err)
		}
		equal(t, step.after.String(),
			[]string{fmt.Sprint(got.status), got.header.Get("Ratelimit"), got.header.Get("Retry-After"), got.header.Get("Date")},
			[]string{fmt.Sprint(step.status), step.rateLimit, step.retryAfter, clock.Format(http.TimeFormat)})
	}
}

func TestRecordsRequests(t *testing.T) {
	server := start(t, realtimekit.Config{Sessions: few(5), Latency: 10 * time.Millisecond})
	server.Fail(realtimekit.Status(503))
	began := time.Now()
	for _, q := range []string{"page_no=1&per_page=3", "page_no=2&per_page=3", "page_no=x"} {
		if _, err := get(server, q); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(began); took < 30*time.Millisecond {
		t.Errorf("three requests took %v with 10 ms latency each", took)
	}
	var got []string
	for _, r := range server.Requests() {
		got = append(got, fmt.Sprintf("%s %s %d %q %d rows %d", strings.TrimPrefix(r.Path, "/client/v4/accounts/"+account),
			r.Query["page_no"], r.Status, r.Fault, r.Rows, r.InFlight))
	}
	equal(t, "requests", got, []string{
		"/realtime/kit/" + app + `/sessions [1] 503 "status 503" 3 rows 1`,
		"/realtime/kit/" + app + `/sessions [2] 200 "" 2 rows 1`,
		"/realtime/kit/" + app + `/sessions [x] 422 "" 0 rows 1`,
	})
}
