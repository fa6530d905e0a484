package realtimekit

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"time"
)

// The two values of a session's status that Cloudflare documents.
const (
	Live  = "LIVE"
	Ended = "ENDED"
)

// A Session is one row of the sessions API: one sitting of a meeting.
type Session struct {
	ID        string // a UUID; unique unless a test wants otherwise
	MeetingID string // associated_id: a UUID, or a room name like "abcdef-ghijkl" for V1 meetings
	Title     string // meeting_display_name, written by users: anything
	Type      string // "meeting" where empty
	Status    string // [Live] or [Ended]; where empty, Ended

	// Minutes is the number of participant-minutes as the answer writes it: a JSON number such as "7.016666666666667".
	// It is kept as text because the figures are compared exactly.
	Minutes string
	// AudioMinutes is the audio-only part of Minutes, also a JSON number. Nil leaves all members out that split the
	// minutes by kind, as if the service did not know.
	AudioMinutes *string

	Peak             int // max_concurrent_participants
	Participants     int // total_participants, which is not documented; never written as less than Peak
	LiveParticipants int

	// Times finer than the reading's [Reading.TimeStyle] are cut where they are written. A zero CreatedAt is StartedAt
	// and the other way round; a zero UpdatedAt is the latest of the others. A zero EndedAt has not ended.
	CreatedAt, StartedAt, EndedAt, UpdatedAt time.Time

	// ParentSessionID marks a breakout room. Its minutes are not part of the parent's (a guess).
	ParentSessionID string
}

// withDefaults fills what a test may leave out.
func (s Session) withDefaults() Session {
	if s.Type == "" {
		s.Type = "meeting"
	}
	if s.Status == "" {
		s.Status = Ended
	}
	if s.CreatedAt.IsZero() {
		s.CreatedAt = s.StartedAt
	}
	if s.StartedAt.IsZero() {
		s.StartedAt = s.CreatedAt
	}
	if s.UpdatedAt.IsZero() {
		s.UpdatedAt = s.StartedAt
		if s.EndedAt.After(s.UpdatedAt) {
			s.UpdatedAt = s.EndedAt
		}
	}
	s.Participants = max(s.Participants, s.Peak)
	return s
}

// check refuses what no answer could hold: broken JSON belongs to a [Fault], not into the data.
func (s Session) check() error {
	if err := checkNumber(s.Minutes); err != nil {
		return fmt.Errorf("session %q: minutes %w", s.ID, err)
	}
	if s.AudioMinutes != nil {
		if err := checkNumber(*s.AudioMinutes); err != nil {
			return fmt.Errorf("session %q: audio minutes %w", s.ID, err)
		}
	}
	return nil
}

// checkNumber accepts what is a JSON number and can be sorted.
func checkNumber(text string) error {
	var number json.Number
	if json.Unmarshal([]byte(text), &number) != nil || number == "" {
		return fmt.Errorf("%q is not a JSON number", text)
	}
	if _, err := strconv.ParseFloat(text, 64); err != nil {
		return fmt.Errorf("%q is too large", text)
	}
	if _, ok := new(big.Rat).SetString(text); !ok {
		return fmt.Errorf("%q has too many digits", text)
	}
	return nil
}

// compareDecimals compares two JSON numbers exactly; approxA and approxB are their nearest float64. Rounding to a
// float64 never changes the order of two numbers, it only makes some equal, so the slow way is seldom taken.
func compareDecimals(a, b string, approxA, approxB float64) int {
	switch {
	case approxA < approxB:
		return -1
	case approxA > approxB:
		return 1
	case a == b:
		return 0
	}
	return decimal(a).Cmp(decimal(b))
}

// decimal is the exact value of a checked JSON number.
func decimal(text string) *big.Rat {
	value, ok := new(big.Rat).SetString(text)
	if !ok {
		return new(big.Rat)
	}
	return value
}

// subtract is a − b, exactly, as a JSON number.
func subtract(a, b string) string {
	difference := new(big.Rat).Sub(decimal(a), decimal(b))
	digits, _ := difference.FloatPrec() // exact: both are decimals
	return difference.FloatString(digits)
}
