package sessions

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
)

// benchPage is a page of a hundred rows with all members that live answers have.
func benchPage() []byte {
	rows := make([]string, 100)
	for i := range rows {
		rows[i] = fmt.Sprintf(`{"id":"2ecb1e4c-b4a6-4d4c-8e4b-5d0d5f7b%04d","associated_id":"3f0e7f2e-9d3c-4a5b-8b1e-0a1b2c3d%04d","meeting_display_name":"Weekly planning of team %d",`+
			`"type":"meeting","status":"ENDED","live_participants":0,"max_concurrent_participants":14,"minutes_consumed":%d.016666666666667,"organization_id":"f5d5d5d5-0000-4000-8000-000000000000",`+
			`"started_at":"2026-11-21T10:15:00.123Z","created_at":"2026-11-21T10:15:00.000Z","updated_at":"2026-11-21T11:20:01.000Z","ended_at":"2026-11-21T11:20:00.000Z","breakout_rooms":[],"meta":{},`+
			`"total_participants":17,"group_call_minutes_consumed":1.5,"webinar_minutes_consumed":0,"audio_room_minutes_consumed":0.5,"livestream_minutes_consumed":0,"chat_minutes_consumed":0,`+
			`"recording_minutes_consumed":0,"transcription_minutes_consumed":0,"recording_status":null,"livestream_status":null}`, i, i%50, i%50, 1000-i)
	}
	return []byte(pageJSON(100_000, rows...))
}

// BenchmarkDecode compares the decoder with encoding/json and its next version
// into a struct that can tell what is missing, which is what strictness needs.
func BenchmarkDecode(b *testing.B) {
	data := benchPage()
	b.Run("ours", func(b *testing.B) {
		d, p := newDecoder(testToken), new(page)
		b.ReportAllocs()
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			if err := d.decode(bytes.NewReader(data), p); err != nil || len(p.rows) != 100 || p.rows[99].problem != "" {
				b.Fatal(err)
			}
		}
		perSession(b)
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			var p benchAnswer
			if err := json.NewDecoder(bytes.NewReader(data)).Decode(&p); err != nil || len(p.Data.Sessions) != 100 {
				b.Fatal(err)
			}
		}
		perSession(b)
	})
	b.Run("json v2", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			var p benchAnswer
			if err := jsonv2.UnmarshalRead(bytes.NewReader(data), &p); err != nil || len(p.Data.Sessions) != 100 {
				b.Fatal(err)
			}
		}
		perSession(b)
	})
}

// benchAnswer is an answer as a struct that can tell what is missing.
type benchAnswer struct {
	Data struct {
		Sessions []struct {
			ID           *string         `json:"id"`
			AssociatedID *string         `json:"associated_id"`
			Title        *string         `json:"meeting_display_name"`
			Type         *string         `json:"type"`
			Status       *string         `json:"status"`
			Peak         json.RawMessage `json:"max_concurrent_participants"`
			Minutes      json.RawMessage `json:"minutes_consumed"`
			Audio        json.RawMessage `json:"audio_room_minutes_consumed"`
			Started      *string         `json:"started_at"`
			Ended        *string         `json:"ended_at"`
		} `json:"sessions"`
	} `json:"data"`
}

// perSession reports the time for one of a page's hundred sessions.
func perSession(b *testing.B) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/100, "ns/session")
}

// BenchmarkRead is a whole read of 500 pages without a network.
func BenchmarkRead(b *testing.B) {
	const pages = 500
	body := strings.Replace(string(benchPage()), "100000", fmt.Sprint(pages*100), 1)
	var bodies [pages + 1]string
	for i := range bodies {
		bodies[i] = strings.ReplaceAll(body, `"id":"2ecb`, fmt.Sprintf(`"id":"%04d`, i))
	}
	client, err := New(Config{BaseURL: "https://api.example/", Token: testToken, AccountID: testAccount, PageSize: 100, RequestsPer5Minutes: 1e9, Lookback: 48 * time.Hour,
		Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			var n int
			fmt.Sscan(r.URL.Query().Get("page_no"), &n)
			if n < 1 || n > pages || r.URL.Query().Get("status") == "LIVE" {
				return answer(200, pageJSON(pages*100)), nil
			}
			return answer(200, bodies[n]), nil
		})}, discard())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		coverage, err := client.Read(b.Context(), berlin(), func(Session) {})
		if err != nil || coverage.Counted != pages*100 {
			b.Fatalf("%+v, %v", coverage, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/pages/100, "ns/session")
}
