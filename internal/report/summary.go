// Package report turns sessions into what a person reads: a Fold adds them up
// per meeting into a Summary, and a Report renders the Summary as a message,
// with a plain-text story beside the blocks. All of it is pure: no input or
// output, no clock, and the same figures whatever order the sessions come in.
//
// summary.go holds the figures, label.go makes other people's titles safe to
// show, wording.go writes numbers and dates, message.go and its neighbours
// build the forms of the message from the figures.
package report

import (
	"cmp"
	"slices"
	"time"

	"realtimekit-digest/internal/minutes"
	"realtimekit-digest/internal/sessions"
)

// Summary is the usage of one window.
type Summary struct {
	Sessions int
	Minutes  minutes.Minutes
	// Meetings are sorted by minutes, biggest first, then by id.
	Meetings []Meeting
	// Types are the totals per session type, sorted by minutes, biggest first,
	// then by name. There is at least one where there is a session.
	Types []Type
	// AudioOnly are the minutes that are known to be without video, and
	// Unsplit those of which nobody knows how much is: for the price.
	AudioOnly, Unsplit minutes.Minutes
}

// Meeting is the usage of one meeting, over all its sessions of the window.
type Meeting struct {
	ID       string // RealtimeKit's associated_id, empty when sessions have none
	Label    string // what a reader knows it by, different for every meeting, safe to show
	Sessions int
	Minutes  minutes.Minutes
	Peak     int           // most people at once in any one session, -1 when unknown
	Longest  time.Duration // the longest session, 0 when unknown
}

// Type is the usage of all sessions of one type.
type Type struct {
	Name     string // "meeting", "webinar", …; empty when sessions have none
	Sessions int
	Minutes  minutes.Minutes
}

// Fold adds sessions up as they arrive. What it keeps grows with the
// meetings, not with the sessions.
type Fold struct {
	summary  Summary
	meetings map[string]*folded
	types    map[string]*Type
}

// folded is a meeting whose title is that of its latest session so far.
type folded struct {
	Meeting
	title  string
	latest time.Time
	from   string // id of the session that the title is from
}

// NewFold is a Fold without sessions.
func NewFold() *Fold {
	return &Fold{meetings: map[string]*folded{}, types: map[string]*Type{}}
}

// Add counts one session. The caller sees to it that each comes once.
func (f *Fold) Add(s sessions.Session) {
	f.summary.Sessions++
	f.summary.Minutes = f.summary.Minutes.Add(s.Minutes)
	if s.AudioKnown {
		f.summary.AudioOnly = f.summary.AudioOnly.Add(s.AudioOnly)
	} else {
		f.summary.Unsplit = f.summary.Unsplit.Add(s.Minutes)
	}

	kind, ok := f.types[s.Type]
	if !ok {
		kind = &Type{Name: s.Type}
		f.types[s.Type] = kind
	}
	kind.Sessions++
	kind.Minutes = kind.Minutes.Add(s.Minutes)

	m, ok := f.meetings[s.MeetingID]
	if !ok {
		m = &folded{Meeting: Meeting{ID: s.MeetingID, Peak: -1}}
		f.meetings[s.MeetingID] = m
	}
	m.Sessions++
	m.Minutes = m.Minutes.Add(s.Minutes)
	m.Peak = max(m.Peak, s.Peak)
	if !s.Started.IsZero() {
		m.Longest = max(m.Longest, s.Ended.Sub(s.Started))
	}
	if !ok || cmp.Or(s.Ended.Compare(m.latest), cmp.Compare(s.ID, m.from)) > 0 {
		m.title, m.latest, m.from = s.Title, s.Ended, s.ID
	}
}

// Summary is the usage of everything that was added.
func (f *Fold) Summary() Summary {
	s := f.summary
	all := make([]*folded, 0, len(f.meetings))
	for _, m := range f.meetings {
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b *folded) int {
		return cmp.Or(b.Minutes.Cmp(a.Minutes), cmp.Compare(a.ID, b.ID))
	})
	label(all)
	s.Meetings = make([]Meeting, len(all))
	for i, m := range all {
		s.Meetings[i] = m.Meeting
	}
	for _, t := range f.types {
		s.Types = append(s.Types, *t)
	}
	slices.SortFunc(s.Types, func(a, b Type) int {
		return cmp.Or(b.Minutes.Cmp(a.Minutes), cmp.Compare(a.Name, b.Name))
	})
	return s
}
