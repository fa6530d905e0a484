package sessions

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// documented is the example answer of Cloudflare's API reference (RealtimeKit,
// sessions, get sessions), with every member that cloudflare-go v7.9.0 knows
// in SessionGetSessionsResponseDataSession.
const documented = `{
  "success": true,
  "data": {"sessions": [{
    "id": "2ecb1e4c-b4a6-4d4c-8e4b-5d0d5f7b5c1a",
    "associated_id": "3f0e7f2e-9d3c-4a5b-8b1e-0a1b2c3d4e5f",
    "meeting_display_name": "Weekly planning",
    "type": "meeting",
    "status": "ENDED",
    "live_participants": 0,
    "max_concurrent_participants": 14,
    "minutes_consumed": 123.4567,
    "organization_id": "f5d5d5d5-0000-4000-8000-000000000000",
    "started_at": "2026-11-21T10:15:00.123Z",
    "created_at": "2026-11-21T10:15:00.000Z",
    "updated_at": "2026-11-21T11:20:01.000Z",
    "ended_at": "2026-11-21T11:20:00.000Z",
    "breakout_rooms": [{"id": "not-a-row", "minutes_consumed": 5}],
    "meta": {"id": "nor-this", "status": "LIVE"}
  }]},
  "paging": {"total_count": 643, "start_offset": 1, "end_offset": 100}
}`

func TestDecodeDocumentedExample(t *testing.T) {
	p, err := decodePage(strings.NewReader(documented))
	if err != nil {
		t.Fatal(err)
	}
	if p.total != 643 || p.first != 1 || len(p.rows) != 1 {
		t.Fatalf("total %d, %d rows", p.total, len(p.rows))
	}
	r := p.rows[0]
	if r.problem != "" {
		t.Fatal(r.problem)
	}
	if string(p.at(r.id)) != "2ecb1e4c-b4a6-4d4c-8e4b-5d0d5f7b5c1a" || string(p.at(r.meeting)) != "3f0e7f2e-9d3c-4a5b-8b1e-0a1b2c3d4e5f" ||
		string(p.at(r.title)) != "Weekly planning" || string(p.at(r.kind)) != "meeting" || r.peak != 14 || r.minutes.String() != "123.4567" || r.audioKnown ||
		!r.started.Equal(time.Date(2026, 11, 21, 10, 15, 0, 123e6, time.UTC)) || !r.ended.Equal(time.Date(2026, 11, 21, 11, 20, 0, 0, time.UTC)) {
		t.Errorf("%+v", r)
	}
}

// TestDecodeRow has one case for each way in which a row can be written.
func TestDecodeRow(t *testing.T) {
	const good = `"id":"a","status":"ENDED","minutes_consumed":1.5,"ended_at":"2026-11-21T11:20:00.000Z"`
	for _, tc := range []struct {
		name, row, problem string
	}{
		{"the least", good, ""},
		{"a space for the T", `"id":"a","status":"ENDED","minutes_consumed":1.5,"ended_at":"2026-11-21 11:20:00.000Z"`, ""},
		{"microseconds", `"id":"a","status":"ENDED","minutes_consumed":1.5,"ended_at":"2026-11-21T11:20:00.000000Z"`, ""},
		{"space, microseconds, offset", `"id":"a","status":"ENDED","minutes_consumed":1.5,"ended_at":"2026-11-21 12:20:00.000000+01:00"`, ""},
		{"short offset", `"id":"a","status":"ENDED","minutes_consumed":1.5,"ended_at":"2026-11-21 11:20:00+00"`, ""},
		{"no zone is UTC", `"id":"a","status":"ENDED","minutes_consumed":1.5,"ended_at":"2026-11-21 11:20:00.000000"`, ""},
		{"no minutes at all", `"id":"a","status":"ENDED","minutes_consumed":0,"ended_at":"2026-11-21T11:20:00Z"`, ""},
		{"ended_at null", `"id":"a","status":"ENDED","minutes_consumed":1.5,"ended_at":null`, "ended_at is null"},
		{"ended_at the text null", `"id":"a","status":"ENDED","minutes_consumed":1.5,"ended_at":"null"`, `ended_at is "null"`},
		{"ended_at absent", `"id":"a","status":"ENDED","minutes_consumed":1.5`, "ended_at is missing"},
		{"LIVE without an end", `"id":"a","status":"LIVE","minutes_consumed":1.5,"ended_at":null`, `status is "LIVE"`},
		{"minutes twice", good + `,"minutes_consumed":2`, "minutes_consumed is there twice"},
		{"minutes in other letters", `"id":"a","status":"ENDED","Minutes_Consumed":1.5,"ended_at":"2026-11-21T11:20:00Z"`, "minutes_consumed is missing"},
		{"minutes with an escaped name", `"id":"a","status":"ENDED","minutes_consume\u0064":1.5,"ended_at":"2026-11-21T11:20:00Z"`, "minutes_consumed is missing"},
		{"ended before it started", good + `,"started_at":"2026-11-21T11:20:00.001Z"`, "ended_at is before started_at"},
		{"ended in the year 1", `"id":"a","status":"ENDED","minutes_consumed":1.5,"ended_at":"0001-01-01T00:00:00Z"`, `ended_at is "0001-01-01T00:00:00Z"`},
		{"ended in 1970", `"id":"a","status":"ENDED","minutes_consumed":1.5,"ended_at":"1970-01-01T00:00:00Z"`, `ended_at is "1970-01-01T00:00:00Z"`},
		{"ended in 2999", `"id":"a","status":"ENDED","minutes_consumed":1.5,"ended_at":"2999-01-01T00:00:00Z"`, `ended_at is "2999-01-01T00:00:00Z"`},
		{"a start that is no time", good + `,"started_at":"soon"`, ""},
		{"a peak that is no number", good + `,"max_concurrent_participants":"many"`, ""},
		{"audio that is no number", good + `,"audio_room_minutes_consumed":"all"`, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p, err := decodePage(strings.NewReader(pageJSON(1, "{"+tc.row+"}")))
			if err != nil {
				t.Fatal(err)
			}
			r := p.rows[0]
			if r.problem != tc.problem {
				t.Errorf("problem %q, want %q", r.problem, tc.problem)
			}
			if tc.problem == "" && (!r.ended.Equal(time.Date(2026, 11, 21, 11, 20, 0, 0, time.UTC)) || r.peak != -1 || r.audioKnown) {
				t.Errorf("%+v", r)
			}
		})
	}
}

// TestDecodeAudio: more audio than minutes cannot be, and is not known then.
func TestDecodeAudio(t *testing.T) {
	for audio, known := range map[string]bool{"0": true, "1.5": true, "1.6": false, "-1": false, "null": false} {
		p, err := decodePage(strings.NewReader(pageJSON(1, `{"audio_room_minutes_consumed":`+audio+`,`+sessionJSON("a", "1.5", "2026-11-21T11:20:00Z")[1:])))
		if err != nil || p.rows[0].audioKnown != known {
			t.Errorf("audio %s: known %t, want %t (%v)", audio, p.rows[0].audioKnown, known, err)
		}
	}
}

// TestDecodeEnvelope names what came when it is not an answer with sessions.
func TestDecodeEnvelope(t *testing.T) {
	for _, tc := range []struct {
		name, body, says string
		truncated        bool
	}{
		{"empty", "", "is empty", false},
		{"white space", " \n", "is empty", false},
		{"HTML", "<!doctype html><title>Sign in</title>", "is a web page, not JSON", false},
		{"null", "null", "is null, not an object", false},
		{"an array", "[]", "is an array, not an object", false},
		{"an empty object", "{}", "has no data.sessions (it has )", false},
		{"result for data", `{"success":true,"result":{"sessions":[]}}`, "has no data.sessions (it has success a boolean, result an object)", false},
		{"data an array", `{"success":true,"data":[]}`, "has no data.sessions", false},
		{"data null", `{"success":true,"data":null}`, "has no data.sessions", false},
		{"data without sessions", `{"success":true,"data":{"meetings":[]}}`, "has no data.sessions", false},
		{"sessions null", `{"success":true,"data":{"sessions":null}}`, "data.sessions is null, not an array", false},
		{"sessions an object", `{"success":true,"data":{"sessions":{}}}`, "data.sessions is an object, not an array", false},
		{"success false", `{"success":false,"data":{"sessions":[]}}`, "success:false", false},
		{"success false after the data", `{"data":{"sessions":[]},"success":false}`, "success:false", false},
		{"success null", `{"success":null,"data":{"sessions":[]}}`, "success:null", false},
		{"success a text", `{"success":"true","data":{"sessions":[]}}`, `success:"true"`, false},
		{"the gateway's failure", `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}`, "success:false: Authentication error", false},
		{"the service's failure", `{"success":false,"error":{"code":404,"message":"No such app"}}`, "success:false: No such app", false},
		{"sessions twice", `{"success":true,"data":{"sessions":[{}]},"data":{"sessions":[]}}`, "data.sessions twice", false},
		{"success both ways", `{"success":false,"data":{"sessions":[]},"success":true}`, "success:false", false},
		{"an error and no success", `{"data":{"sessions":[]},"error":{"code":500,"message":"boom"}}`, "there is an error: boom", false},
		{"two answers", `{"success":true,"data":{"sessions":[]}} {}`, "goes on after its end", false},
		{"cut in a row", `{"success":true,"data":{"sessions":[{"id":"a"`, "cut off", true},
		{"cut before the end", `{"success":true,"data":{"sessions":[]}`, "cut off", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := decodePage(strings.NewReader(tc.body))
			if err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Fatalf("error %v, want one that says %q", err, tc.says)
			}
			var wrong *malformed
			if errors.Is(err, errTruncated) != tc.truncated || errors.As(err, &wrong) == tc.truncated {
				t.Errorf("%v is of the wrong kind", err)
			}
		})
	}
}

func TestDecodeWithoutSuccess(t *testing.T) {
	// Every member of the envelope is optional in Cloudflare's schema.
	if p, err := decodePage(strings.NewReader(`{"data":{"sessions":[]}}`)); err != nil || len(p.rows) != 0 || p.total != -1 {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestDecodeTotal(t *testing.T) {
	for total, want := range map[string]int{"0": 0, "643": 643, "-1": -1, "1.5": -1, `"643"`: -1, "null": -1, "1e3": -1} {
		p, err := decodePage(strings.NewReader(`{"success":true,"data":{"sessions":[]},"paging":{"total_count":` + total + `}}`))
		if err != nil || p.total != want {
			t.Errorf("total_count %s is %d, want %d (%v)", total, p.total, want, err)
		}
	}
}

func TestDecodeLongTitle(t *testing.T) {
	title := strings.Repeat("é", maxTitle)
	p, err := decodePage(strings.NewReader(pageJSON(1, `{"meeting_display_name":"`+title+`",`+sessionJSON("a", "1", "2026-11-21T11:20:00Z")[1:])))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(p.at(p.rows[0].title)); got != strings.Repeat("é", maxTitle/2) {
		t.Errorf("a title of %d bytes is kept as %d bytes", len(title), len(got))
	}
}

// FuzzDecodePage: nothing that a server sends crashes the decoder, and a row
// without a problem has everything that a figure needs.
func FuzzDecodePage(f *testing.F) {
	f.Add([]byte(documented))
	f.Add([]byte(pageJSON(1, sessionJSON("a", "1", "2026-11-21T11:20:00Z"), "null", "[]")))
	f.Add([]byte(`{"success":true,"data":{"sessions":[{"id":"\ud800","ended_at":"2026-11-21 11:20:00"}]}}`))
	f.Add([]byte(`{"data":{"sessions":[{"":1}]},"data":{"sessions":null}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := decodePage(strings.NewReader(string(body)))
		if err != nil {
			return
		}
		for _, r := range p.rows {
			if r.problem == "" && (r.id.from == r.id.to || r.ended.IsZero()) {
				t.Fatalf("trusted without an id or an end: %+v", r)
			}
		}
	})
}
