package report_test

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"

	"realtimekit-digest/internal/minutes"
	"realtimekit-digest/internal/report"
	"realtimekit-digest/internal/sessions"
)

// FuzzMessage makes sessions of any titles, ids, types and numbers: everything
// that holds for every report holds for these. The texts are separated by
// zeros and taken in turns; the numbers are 16 bytes a session.
func FuzzMessage(f *testing.F) {
	f.Add("", "", "", []byte{}, uint16(0))
	f.Add("Weekly planning", "aaaaaa-bbbbbb", "meeting", []byte("0123456789abcdef"), uint16(10))
	f.Add(strings.Join(nastyTitles, "\x00"), "a\x00a\u200b\x00\x00no id", "meeting\x00webinar\x00<!here>", []byte(strings.Repeat("0123456789abcdef\xff", 60)), uint16(0xffff))
	f.Fuzz(func(t *testing.T, titles, ids, types string, numbers []byte, flags uint16) {
		turn := func(list string, i int) string {
			parts := strings.Split(list, "\x00")
			return parts[i%len(parts)]
		}
		var all []sessions.Session
		for i := 0; len(numbers) >= 16 && i < 400; i, numbers = i+1, numbers[16:] {
			s := sessions.Session{
				ID: fmt.Sprint(i), MeetingID: turn(ids, i), Title: turn(titles, i), Type: turn(types, i),
				Peak: int(binary.BigEndian.Uint32(numbers)) % 1_000_000_001, Ended: noon.Add(time.Duration(numbers[4]) * time.Minute),
				Minutes:   number(t, numbers[5:10]),
				AudioOnly: number(t, numbers[10:15]), AudioKnown: true,
			}
			if flags&1 != 0 {
				s.MeetingID += fmt.Sprint(i)
			}
			if numbers[15]&1 != 0 {
				s.Started = s.Ended.Add(-time.Hour)
			}
			if s.AudioOnly.Cmp(s.Minutes) > 0 {
				s.AudioOnly, s.AudioKnown = minutes.Minutes{}, false
			}
			if numbers[15]&2 != 0 {
				s.Peak = -1
			}
			all = append(all, s)
		}
		r := usual(friday(t), all)
		r.Top = 1 + int(flags>>8)%100
		r.Prices = report.Prices{AudioVideo: float64(flags&6) / 7, AudioOnly: float64(flags&24) / 7}
		if flags&32 != 0 {
			c := &r.Coverage
			c.Complete, c.Why = false, strings.Split(titles, "\x00")
			c.Unreadable, c.Changed, c.Expected = int(flags>>6&1), int(flags>>7&1), int(flags>>8)-1
		}
		checkReport(t, r)
	})
}

// number is up to 1e9 minutes with nine decimals.
func number(t *testing.T, b []byte) minutes.Minutes {
	t.Helper()
	whole := binary.BigEndian.Uint32(b) % 1_000_000_000
	if b[4]&1 != 0 {
		whole %= 100
	}
	return parse(t, fmt.Sprintf("%d.%09d", whole, uint64(binary.BigEndian.Uint32(b[1:]))%1_000_000_000))
}
