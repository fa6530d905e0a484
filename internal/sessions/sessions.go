// Package sessions reads the ended sessions of a window from RealtimeKit and
// says how far they can be trusted.
//
// Much of the sessions API is undocumented: which column its time range
// filters, how large a page may be, in which order equal rows come, whether a
// total is announced. The reader is therefore right under every reading: it
// asks for more than the window and keeps, by its own check, what ended in it;
// it counts every session id once, whatever the pages repeat; and it compares
// what it has seen with what was announced. What does not add up, and every
// row that cannot be trusted, makes the Coverage incomplete. Nothing that is
// missing, null or of another kind ever becomes a zero.
//
// The files, in the order of the way: read.go goes through the pages of a
// window, fetch.go asks for several at a time, request.go asks for one,
// pace.go stays below the quota, retry.go asks again and errors.go says what
// failed; decode.go and row.go read answers strictly, tally.go counts each
// session once, coverage.go says how far that can be trusted and bound.go what
// is missing at most.
package sessions

import (
	"fmt"
	"strings"
	"time"

	"realtimekit-digest/internal/minutes"
)

// Session is one ended session: people met in a meeting's room and all left.
type Session struct {
	ID        string
	MeetingID string // the meeting (RealtimeKit's associated_id), empty when the answer has none
	Title     string // the meeting's title at that time, as its users wrote it, at most maxTitle bytes
	Type      string // "meeting", "livestream", "webinar", …; empty when the answer has none

	// Minutes are participant-minutes: the time that each participant was
	// there, added up.
	Minutes minutes.Minutes
	// AudioOnly are those of Minutes that were used without video. They are
	// known only where the answer has them (AudioKnown).
	AudioOnly  minutes.Minutes
	AudioKnown bool

	// Peak is the largest number of people at one moment, -1 when unknown.
	Peak int

	Started time.Time // UTC, zero when unknown
	Ended   time.Time // UTC
}

// Query says which sessions are wanted.
type Query struct {
	// Report is the key of the report that is being made, for the log.
	Report string
	AppID  string
	// Start and End bound the window [Start, End) in which a session ended.
	Start, End time.Time
	// Now is the moment of the request; End is not after it.
	Now time.Time
}

// Coverage says what a read has seen and whether that is all there is.
type Coverage struct {
	Pages      int // pages that brought sessions, over all passes; at least the first
	Requests   int // requests that were sent, tries included
	Rows       int // rows on those pages
	Unique     int // different sessions among the rows
	Counted    int // of these, the sessions that ended in the window
	Unreadable int // of these, the ones whose id, status, minutes or end cannot be trusted
	Changed    int // of these, the ones that differed from page to page
	Announced  int // the total that RealtimeKit announced last, -1 for none
	// Expected is how many different sessions there should be: the announced
	// total, or without one the rows of a list that was read to its end; -1
	// when nobody knows.
	Expected int

	// Bounded says that the Missing sessions used at most AtMost
	// participant-minutes together, which the order of the list tells.
	Bounded bool
	AtMost  minutes.Minutes
	// Live is how many sessions had not ended, -1 when not known.
	Live int

	// Complete is true when every session of the window was counted, once.
	Complete bool
	// Why has one phrase for each reason why it is not.
	Why []string
}

// Missing is how many expected sessions were not seen. They may or may not
// belong to the window.
func (c Coverage) Missing() int {
	return max(0, c.Expected-c.Unique)
}

// Possible is the largest number of sessions that the window can have: the
// counted, the unreadable and the missing ones. It equals Counted when the
// read is complete. It is not known where nothing says how long the list is.
func (c Coverage) Possible() (n int, known bool) {
	return c.Counted + c.Unreadable + c.Missing(), c.Expected >= 0
}

// Reason is Why in one line, empty for a complete read.
func (c Coverage) Reason() string { return strings.Join(c.Why, "; ") }

// plural is "1 session" or "2 sessions", and "2 tries".
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	if stem, ok := strings.CutSuffix(one, "y"); ok {
		return fmt.Sprintf("%d %sies", n, stem)
	}
	return fmt.Sprintf("%d %ss", n, one)
}
