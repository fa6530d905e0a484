package sessions

import (
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"realtimekit-digest/internal/minutes"
)

// row is one row of a page.
type row struct {
	session Session
	// problem says why the row cannot be trusted, empty when it can.
	problem string
}

// row reads one row. Only an error of the JSON itself is returned.
func (d *decoder) row() (row, error) {
	r := row{session: Session{Peak: -1}}
	if kind := d.json.PeekKind(); kind != '{' {
		r.problem = "the row is " + kindName(kind)
		return r, d.json.SkipValue()
	}
	var (
		s     = &r.session
		seen  = map[string]bool{}
		wrong = func(member, what string) {
			if r.problem == "" {
				r.problem = member + " is " + what
			}
		}
		status    string
		noMinutes = "missing"
		noEnd     = "missing"
	)
	err := d.object(func(name string) error {
		switch name {
		case "id", "status", "minutes_consumed", "ended_at", "associated_id", "meeting_display_name", "type",
			"started_at", "max_concurrent_participants", "audio_room_minutes_consumed":
		default:
			return d.json.SkipValue()
		}
		if seen[name] {
			wrong(name, "there twice")
		}
		seen[name] = true
		kind := d.json.PeekKind()
		value, err := d.json.ReadValue()
		if err != nil {
			return err
		}
		switch name {
		case "id":
			s.ID = d.text(value, 0)
		case "status":
			status = d.text(value, 0)
		case "minutes_consumed":
			if kind != '0' {
				noMinutes = kindName(kind)
			} else if s.Minutes, err = minutes.Parse(value); err != nil {
				noMinutes = err.Error()
			} else {
				noMinutes = ""
			}
		case "ended_at":
			s.Ended, noEnd = d.moment(value)
		case "started_at":
			s.Started, _ = d.moment(value)
		case "associated_id":
			s.MeetingID = d.text(value, 0)
		case "meeting_display_name":
			s.Title = d.text(value, maxTitle)
		case "type":
			s.Type = d.text(value, maxTitle)
		case "max_concurrent_participants":
			if n, err := strconv.ParseFloat(string(value), 64); err == nil && n >= 0 && n <= 1e9 && n == float64(int(n)) {
				s.Peak = int(n)
			}
		case "audio_room_minutes_consumed":
			m, err := minutes.Parse(value)
			s.AudioOnly, s.AudioKnown = m, err == nil
		}
		return nil
	})
	if err != nil {
		return r, err
	}
	switch {
	case s.ID == "":
		wrong("id", "missing or not a text")
	case status != "ENDED":
		// Only ended sessions were asked for.
		wrong("status", fmt.Sprintf("%q", printable(status, 20)))
	case noMinutes != "":
		wrong("minutes_consumed", noMinutes)
	case noEnd != "":
		wrong("ended_at", noEnd)
	case !s.Started.IsZero() && s.Ended.Before(s.Started):
		wrong("ended_at", "before started_at")
	}
	if s.AudioOnly.Cmp(s.Minutes) > 0 {
		s.AudioOnly, s.AudioKnown = minutes.Minutes{}, false
	}
	return r, nil
}

// text is a JSON string's text, at most limit bytes of it (0: all), and empty
// for what is not a string.
func (d *decoder) text(value jsontext.Value, limit int) string {
	if len(value) == 0 || value[0] != '"' {
		return ""
	}
	d.scratch, _ = jsontext.AppendUnquote(d.scratch[:0], value)
	s := d.scratch
	if limit > 0 && len(s) > limit {
		for limit > 0 && !utf8.RuneStart(s[limit]) {
			limit--
		}
		s = s[:limit]
	}
	return string(s)
}

// moment reads a moment, in UTC, or says what is wrong with it.
func (d *decoder) moment(value jsontext.Value) (time.Time, string) {
	if value[0] != '"' {
		return time.Time{}, kindName(value.Kind())
	}
	s := d.text(value, 64)
	if t, ok := parseTime(s); ok {
		return t, ""
	}
	return time.Time{}, fmt.Sprintf("%q", printable(s, 30))
}

// parseTime reads the spellings that live answers have been seen with:
// RFC 3339 with any fraction of a second, also with a space for the T. A time
// without a zone is in UTC, as all times of the API are.
func parseTime(s string) (time.Time, bool) {
	if len(s) > 10 && (s[10] == ' ' || s[10] == 't') {
		s = s[:10] + "T" + s[11:]
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

func kindName(k jsontext.Kind) string {
	switch k {
	case 'n':
		return "null"
	case 't', 'f':
		return "a boolean"
	case '"':
		return "a string"
	case '0':
		return "a number"
	case '[':
		return "an array"
	case '{':
		return "an object"
	}
	return "not JSON"
}
