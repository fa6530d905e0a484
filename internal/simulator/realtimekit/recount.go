package realtimekit

import (
	"math/big"
	"time"
)

// Figures is what a right report of a window says.
type Figures struct {
	Sessions int
	Minutes  *big.Rat // the exact sum of participant-minutes
	Meetings map[string]MeetingFigures
}

// MeetingFigures is the part of one meeting, by its associated_id.
type MeetingFigures struct {
	Sessions int
	Minutes  *big.Rat
	Peak     int           // the largest of its sessions' peaks
	Longest  time.Duration // of its sessions, from started_at to ended_at
	Title    string        // of its latest session: the one that ended last; of several, the one with the largest id
}

// Recount counts the sessions that ended in [start, end), each id once, straight from the data and not through the
// API: it shares no code with the server or with any client, so that a test can compare them. Of several sessions with
// the same id the first that counts is taken.
func Recount(sessions []Session, start, end time.Time) Figures {
	type latest struct {
		ended time.Time
		id    string
	}
	figures := Figures{Minutes: new(big.Rat), Meetings: make(map[string]MeetingFigures)}
	seen := make(map[string]bool)
	lasts := make(map[string]latest)
	for _, s := range sessions {
		ended := s.Status == "ENDED" || s.Status == ""
		if !ended || s.EndedAt.IsZero() || s.EndedAt.Before(start) || !s.EndedAt.Before(end) || seen[s.ID] {
			continue
		}
		seen[s.ID] = true
		minutes, ok := new(big.Rat).SetString(s.Minutes)
		if !ok {
			continue // [Start] refuses it, so no server ever served it
		}
		m, known := figures.Meetings[s.MeetingID]
		if !known {
			m.Minutes = new(big.Rat)
		}
		m.Sessions++
		m.Minutes.Add(m.Minutes, minutes)
		m.Peak = max(m.Peak, s.Peak)
		if started := s.StartedAt; !started.IsZero() {
			m.Longest = max(m.Longest, s.EndedAt.Sub(started))
		} else if !s.CreatedAt.IsZero() {
			m.Longest = max(m.Longest, s.EndedAt.Sub(s.CreatedAt))
		}
		last := lasts[s.MeetingID]
		if !known || s.EndedAt.After(last.ended) || s.EndedAt.Equal(last.ended) && s.ID > last.id {
			lasts[s.MeetingID] = latest{s.EndedAt, s.ID}
			m.Title = s.Title
		}
		figures.Meetings[s.MeetingID] = m
		figures.Sessions++
		figures.Minutes.Add(figures.Minutes, minutes)
	}
	return figures
}
