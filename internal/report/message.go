package report

import (
	"fmt"
	"strings"

	"realtimekit-digest/internal/blockkit"
	"realtimekit-digest/internal/period"
	"realtimekit-digest/internal/sessions"
)

// Report is everything that a message is made from.
type Report struct {
	Window   period.Window
	Summary  Summary
	Coverage sessions.Coverage
	Prices   Prices
	Top      int // meetings on the first page of the table and in the text, 1 to 100
}

// Form is one of the forms of a message, from the best to the plainest. Some
// workspaces refuse the better ones.
type Form int

// The forms, each built from the figures.
const (
	Native   Form = iota // a table that can be sorted and paged
	Tables               // a plain table
	Sections             // text in columns
	TextOnly             // no blocks at all
)

// String names the form for a log.
func (f Form) String() string {
	switch f {
	case Native:
		return "native"
	case Tables:
		return "table"
	case Sections:
		return "sections"
	}
	return "text"
}

// Message renders the report in one form. Every message is within Slack's
// limits, whatever the titles and figures.
func (r Report) Message(form Form) blockkit.Message {
	m := blockkit.Message{Text: r.text()}
	if form == TextOnly {
		return m
	}
	m.Blocks = append(m.Blocks, blockkit.Header{Text: r.title()})
	if warning := r.warning(); warning != "" {
		m.Blocks = append(m.Blocks, blockkit.Section{Text: blockkit.Plain("⚠ " + warning)})
	}
	m.Blocks = append(m.Blocks, blockkit.Section{Text: blockkit.Plain(r.point())})
	if r.Summary.Sessions > 0 {
		switch form {
		case Native:
			m.Blocks = append(m.Blocks, r.dataTable())
		case Tables:
			m.Blocks = append(m.Blocks, r.table()...)
		case Sections:
			m.Blocks = append(m.Blocks, r.columns()...)
		}
	}
	return blockkit.Message{Text: m.Text, Blocks: append(m.Blocks,
		blockkit.Context{Elements: []blockkit.Text{blockkit.Plain(strings.Join(r.footer(), "\n"))}})}
}

// title is the report's name and its local date.
func (r Report) title() string { return "RealtimeKit usage, " + days(r.Window) }

// warning says that the figures are not complete, how many of how many
// sessions they hold and why. It is empty when they are complete.
func (r Report) warning() string {
	if r.Coverage.Complete {
		return ""
	}
	rest := ""
	switch possible, known := r.Coverage.Possible(); {
	case known && possible > r.Coverage.Counted:
		rest = "; what is missing may belong to another day"
	case known:
		rest = ", but what was read does not add up"
	}
	why := capital(cutEscaped(clean(r.Coverage.Reason()), 700))
	if why != "" && !strings.HasSuffix(why, "…") {
		why += "."
	}
	return strings.TrimSpace(fmt.Sprintf("Incomplete: %s counted%s. %s", r.counted(), rest, why))
}

// counted says how many of how many sessions were counted. Of an incomplete
// report only the most that there can be is known, or not even that.
func (r Report) counted() string {
	n := number(r.Coverage.Counted)
	if possible, known := r.Coverage.Possible(); known {
		return n + " of " + counted(possible, "ended session")
	}
	return n + " of an unknown number of ended sessions"
}

// point is the report in one sentence.
func (r Report) point() string {
	s := r.Summary
	switch {
	case s.Sessions == 0 && r.Coverage.Complete && r.Window.Open:
		return fmt.Sprintf("No session has ended %s so far, so there are no participant-minutes to report; RealtimeKit was asked and lists none.", on(r.Window))
	case s.Sessions == 0 && r.Coverage.Complete:
		return fmt.Sprintf("No session ended %s, so there are no participant-minutes to report; RealtimeKit was asked and lists none.", on(r.Window))
	case s.Sessions == 0:
		return fmt.Sprintf("No session that ended %s could be counted, which does not mean that there was none.", on(r.Window))
	}
	sentence := fmt.Sprintf("%s in %s of %s", r.used(), counted(s.Sessions, "session"), counted(len(s.Meetings), "meeting"))
	if r.Window.Open {
		sentence += " so far"
	}
	sentence += r.unread()
	first, most := s.Meetings[0], "most"
	switch {
	case len(s.Meetings) == 1 && r.unread() == "":
		return sentence + ": " + first.Label + "."
	case s.Minutes.IsZero():
		return sentence + "."
	case !r.Coverage.Complete:
		most = "of those counted, most"
	}
	// A word between a title and a number keeps their order where the title is
	// written from right to left.
	return fmt.Sprintf("%s; %s by %s with %s (%s).", sentence, most, first.Label, told(first.Minutes), percent(share(first.Minutes, s.Minutes)))
}

// unread bounds what a read that stopped early has left out.
func (r Report) unread() string {
	c := r.Coverage
	if c.Complete || !c.Bounded || c.Missing() == 0 {
		return ""
	}
	return fmt.Sprintf("; the %s not read used at most %s more", counted(c.Missing(), "session"), atMost(c.AtMost))
}

// used begins the point: the minutes, as the least that it can be where
// sessions are missing.
func (r Report) used() string {
	m, c := r.Summary.Minutes, r.Coverage
	switch {
	case c.Complete:
		return capital(participantMinutes(told(m)))
	case c.Changed > 0:
		return "About " + participantMinutes(atLeast(m))
	}
	return "At least " + participantMinutes(atLeast(m))
}

// footer is the small print, a line each: the totals per type, the coverage,
// what a minute means, the sessions that go on and the cost.
func (r Report) footer() []string {
	var lines []string
	if by := r.byType(); by != "" {
		lines = append(lines, by)
	}
	lines = append(lines, r.coverageLine(), "A participant-minute is one person in a session for one minute; a session counts on the day on which it ended; "+
		"peak is the most people at once in one session.")
	if live := r.Coverage.Live; live == 1 {
		lines = append(lines, "1 session still live is not in these figures.")
	} else if live > 1 {
		lines = append(lines, number(live)+" sessions still live are not in these figures.")
	}
	if cost := r.costLine(); cost != "" {
		lines = append(lines, cost)
	}
	return lines
}

// coverageLine is "643 of 643 ended sessions, 7 pages, 00:00–24:00 Europe/Berlin".
func (r Report) coverageLine() string {
	return fmt.Sprintf("%s, %s, %s", r.counted(), counted(r.Coverage.Pages, "page"), span(r.Window))
}

// maxTypes is how many session types are named one by one.
const maxTypes = 6

// byType is the totals per session type, empty where all are meetings.
func (r Report) byType() string {
	types := r.Summary.Types
	if len(types) == 0 || len(types) == 1 && types[0].Name == "meeting" {
		return ""
	}
	var parts []string
	rest := Type{Name: "other"}
	for i, t := range types {
		if i >= maxTypes {
			rest.Sessions += t.Sessions
			rest.Minutes = rest.Minutes.Add(t.Minutes)
			continue
		}
		parts = append(parts, typeLine(t))
	}
	if rest.Sessions > 0 {
		parts = append(parts, typeLine(rest))
	}
	return "By type: " + strings.Join(parts, "; ")
}

func typeLine(t Type) string {
	name := cutEscaped(clean(t.Name), 40)
	if name == "" {
		name = "no type"
	}
	return fmt.Sprintf("%s %s minutes in %s", name, exact(t.Minutes), counted(t.Sessions, "session"))
}

// others adds up the meetings from the given rank on, for the row that makes
// a table add up to the total.
func (r Report) others(from int) (o Meeting, n int) {
	o = Meeting{Peak: -1}
	for _, m := range r.Summary.Meetings[from:] {
		n++
		o.Sessions += m.Sessions
		o.Minutes = o.Minutes.Add(m.Minutes)
		o.Peak = max(o.Peak, m.Peak)
	}
	o.Label = counted(n, otherMeeting)
	return o, n
}
