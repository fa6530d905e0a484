package sessions

import (
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"realtimekit-digest/internal/minutes"
)

// maxTitle is how much of a title is kept, in bytes. A digest shows less, and
// a title of ten megabytes must not fill a page.
const maxTitle = 400

// row is one row of a page. Its texts are places in the page's text, so that
// a page costs no allocation for each.
type row struct {
	id, status, meeting, title, kind place

	minutes, audioOnly minutes.Minutes
	audioKnown         bool
	peak               int
	started, ended     time.Time

	// problem says why the row cannot be trusted, empty when it can.
	problem string
}

// place is a part of a page's text.
type place struct{ from, to int }

func (p *page) at(where place) []byte { return p.text[where.from:where.to] }

// member is a member of a row that is looked at.
type member uint

// The members.
const (
	memberID member = iota
	memberStatus
	memberMinutes
	memberEnded
	memberMeeting
	memberTitle
	memberType
	memberStarted
	memberPeak
	memberAudio
	noMember
)

// memberOf finds a member by its name, which is still in its quotes.
func memberOf(name []byte) member {
	switch string(name) {
	case `"id"`:
		return memberID
	case `"status"`:
		return memberStatus
	case `"minutes_consumed"`:
		return memberMinutes
	case `"ended_at"`:
		return memberEnded
	case `"associated_id"`:
		return memberMeeting
	case `"meeting_display_name"`:
		return memberTitle
	case `"type"`:
		return memberType
	case `"started_at"`:
		return memberStarted
	case `"max_concurrent_participants"`:
		return memberPeak
	case `"audio_room_minutes_consumed"`:
		return memberAudio
	}
	return noMember
}

// row reads one row. Only an error of the JSON itself is returned; what is
// wrong with the row is its problem, the first in the order of the cases.
func (d *decoder) row() (row, error) {
	r := row{peak: -1}
	if kind := d.json.PeekKind(); kind != '{' {
		r.problem = "the row is " + kindName(kind)
		return r, d.json.SkipValue()
	}
	if _, err := d.json.ReadToken(); err != nil {
		return r, err
	}
	var (
		seen      uint // a bit for each member
		noMinutes = "missing"
		noEnd     = "missing"
	)
	for d.json.PeekKind() != '}' {
		name, err := d.json.ReadValue()
		if err != nil {
			return r, err
		}
		m := memberOf(name)
		if m == noMember {
			if err := d.json.SkipValue(); err != nil {
				return r, err
			}
			continue
		}
		if seen&(1<<m) != 0 && r.problem == "" {
			r.problem = string(name[1:len(name)-1]) + " is there twice"
		}
		seen |= 1 << m
		value, err := d.json.ReadValue()
		if err != nil {
			return r, err
		}
		switch m {
		case memberID:
			r.id = d.keep(value, 0)
		case memberStatus:
			r.status = d.keep(value, maxTitle)
		case memberMinutes:
			r.minutes, noMinutes = minutesOf(value)
		case memberEnded:
			r.ended, noEnd = d.moment(value)
		case memberMeeting:
			r.meeting = d.keep(value, 0)
		case memberTitle:
			r.title = d.keep(value, maxTitle)
		case memberType:
			r.kind = d.keep(value, maxTitle)
		case memberStarted:
			if r.started, _ = d.moment(value); r.started.Year() < firstYear {
				r.started = time.Time{}
			}
		case memberPeak:
			r.peak = peakOf(value)
		case memberAudio:
			m, err := minutes.Parse(value)
			r.audioOnly, r.audioKnown = m, err == nil
		}
	}
	if _, err := d.json.ReadToken(); err != nil {
		return r, err
	}
	switch {
	case r.problem != "":
	case r.id.from == r.id.to:
		r.problem = "id is missing or not a text"
	case string(d.page.at(r.status)) != "ENDED":
		// Only ended sessions were asked for.
		r.problem = fmt.Sprintf("status is %q", d.show(string(d.page.at(r.status)), 20))
	case noMinutes != "":
		r.problem = "minutes_consumed is " + noMinutes
	case noEnd != "":
		r.problem = "ended_at is " + noEnd
	case !r.started.IsZero() && r.ended.Before(r.started):
		r.problem = "ended_at is before started_at"
	}
	if r.audioOnly.Cmp(r.minutes) > 0 {
		r.audioOnly, r.audioKnown = minutes.Minutes{}, false
	}
	return r, nil
}

// minutesOf reads minutes, or says what is wrong with them.
func minutesOf(value jsontext.Value) (minutes.Minutes, string) {
	if value.Kind() != '0' {
		return minutes.Minutes{}, kindName(value.Kind())
	}
	m, err := minutes.Parse(value)
	if err != nil {
		return minutes.Minutes{}, err.Error()
	}
	return m, ""
}

// peakOf reads a number of people, -1 for what is none.
func peakOf(value jsontext.Value) int {
	if n, err := strconv.Atoi(string(value)); err == nil && n >= 0 {
		return n
	}
	if f, err := strconv.ParseFloat(string(value), 64); err == nil && f >= 0 && f <= 1e9 && f == float64(int(f)) {
		return int(f)
	}
	return -1
}

// keep adds a JSON string's text to the page's, at most limit bytes of it
// (0: all), and nothing for what is not a string.
func (d *decoder) keep(value jsontext.Value, limit int) place {
	from := len(d.page.text)
	if value.Kind() == '"' {
		s := d.unquote(value)
		if limit > 0 && len(s) > limit {
			for limit > 0 && !utf8.RuneStart(s[limit]) {
				limit--
			}
			s = s[:limit]
		}
		d.page.text = append(d.page.text, s...)
	}
	return place{from, len(d.page.text)}
}

// unquote is a JSON string's text, until the next call.
func (d *decoder) unquote(value jsontext.Value) []byte {
	d.scratch, _ = jsontext.AppendUnquote(d.scratch[:0], value)
	return d.scratch
}

// moment reads a moment, in UTC, and says what is wrong with it, if anything.
func (d *decoder) moment(value jsontext.Value) (time.Time, string) {
	if value.Kind() != '"' {
		return time.Time{}, kindName(value.Kind())
	}
	s := d.unquote(value)
	var t time.Time
	ok := t.UnmarshalText(s) == nil
	if !ok {
		t, ok = parseTime(string(s[:min(len(s), 64)]))
	}
	if ok && t.Year() >= firstYear && t.Year() <= lastYear {
		return t.UTC(), ""
	}
	return t.UTC(), fmt.Sprintf("%q", d.show(string(s[:min(len(s), 64)]), 30))
}

// The years in which a session can have been. A time outside them stands for
// none, as 0001 and 1970 do.
const firstYear, lastYear = 2000, 2199

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
