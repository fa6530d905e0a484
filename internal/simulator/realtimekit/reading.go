package realtimekit

import (
	"fmt"
	"time"
)

// The columns that start_time and end_time may filter. Which one it is, nobody says; created_at is most plausible.
const (
	CreatedAt = "created_at"
	StartedAt = "started_at"
	EndedAt   = "ended_at"
	UpdatedAt = "updated_at"
)

// The ways in which times have been seen, as layouts of package time. They are always written in UTC.
const (
	TimeWithT      = "2006-01-02T15:04:05.000Z"
	TimeWithSpace  = "2006-01-02 15:04:05.000Z"
	TimeWithMicros = "2006-01-02T15:04:05.000000Z"
)

// TieOrder is the order of rows whose sort key is equal. No tie-breaker is documented.
type TieOrder int

const (
	TiesByID         TieOrder = iota // always the same order
	TiesByIDReversed                 // always the same, the other way round
	TiesShuffled                     // another order on every request, from [Reading.TieSeed]
)

// EndedAtStyle is how ended_at of a session that has not ended is written.
type EndedAtStyle int

const (
	EndedAtNull     EndedAtStyle = iota // null
	EndedAtAbsent                       // no such member
	EndedAtNullText                     // the string "null", as one published example has it
)

// A Reading is one way to understand what is not documented about the sessions API. The zero value is the most
// plausible one.
type Reading struct {
	// FilterColumn is what start_time and end_time filter: [CreatedAt] where empty, [StartedAt], [EndedAt] or
	// [UpdatedAt]. A row without the time is not in any range.
	FilterColumn string
	// A bound is inclusive at the start and exclusive at the end unless these say otherwise.
	StartExclusive, EndInclusive bool
	// NeedBothBounds ignores start_time without end_time and the other way round.
	NeedBothBounds bool

	// MaxPerPage is the largest page; 0 is 100. A larger per_page is clamped in silence, or, with RefuseLargePages,
	// refused with 422. Without per_page a page has 20 rows (a guess).
	MaxPerPage       int
	RefuseLargePages bool
	// PagesFromZero makes page_no 0 the first page and 1 the second. Otherwise 1 is the first, and 0 gives it too.
	PagesFromZero bool
	// FewerPerPage gives every page after the first half as many rows as asked for. No row is lost: the pages just
	// become more than total_count ÷ per_page.
	FewerPerPage bool
	// SamePageForever gives the first page whatever page_no says.
	SamePageForever bool

	OmitTotal  bool // paging without total_count
	OmitPaging bool // no paging at all, as in an older description
	// TotalLies, if set, is asked for the total_count to announce. It is called with the true one and the number of the
	// request as in [Reading.Mutate], and never twice at once.
	TotalLies func(total, request int) int

	TieOrder TieOrder
	TieSeed  uint64

	// IgnoreStatus gives rows of every status whatever status says.
	IgnoreStatus bool
	EndedAtStyle EndedAtStyle
	// TimeStyle is the layout of all times: [TimeWithT] where empty, [TimeWithSpace], [TimeWithMicros], or any other
	// layout of package time.
	TimeStyle string
	// OmitUndocumented leaves out all members that Cloudflare's schema does not have, and what is inside breakout_rooms.
	OmitUndocumented bool

	// Mutate, if set, changes the sessions before a request is answered: rows that appear, vanish or move between
	// requests. It gets a copy of Config.Sessions, which it may change and return, and the request's number: 1 for the
	// first that reached the server, those that met a fault included (see [Server.Requests]). It is never called twice
	// at once. Rows are then encoded and sorted afresh for each request, which is slow for many sessions.
	Mutate func(request int, sessions []Session) []Session
}

func (r Reading) withDefaults() Reading {
	if r.FilterColumn == "" {
		r.FilterColumn = CreatedAt
	}
	if r.MaxPerPage == 0 {
		r.MaxPerPage = 100
	}
	if r.TimeStyle == "" {
		r.TimeStyle = TimeWithT
	}
	return r
}

func (r Reading) check() error {
	switch r.FilterColumn {
	case CreatedAt, StartedAt, EndedAt, UpdatedAt:
	default:
		return fmt.Errorf("reading filters by unknown column %q", r.FilterColumn)
	}
	if r.MaxPerPage < 1 {
		return fmt.Errorf("reading allows %d rows per page", r.MaxPerPage)
	}
	return nil
}

// filtered is the time of a session that start_time and end_time look at; zero is SQL's null.
func (r Reading) filtered(s Session) time.Time {
	switch r.FilterColumn {
	case StartedAt:
		return s.StartedAt
	case EndedAt:
		return s.EndedAt
	case UpdatedAt:
		return s.UpdatedAt
	}
	return s.CreatedAt
}

// A NamedReading is a reading for a test table.
type NamedReading struct {
	Name    string
	Reading Reading
}

// Readings lists the zero reading and each departure from it by itself, for a test that must hold under all of them: the
// figures are right, or the report says that they may not be. [Reading.NeedBothBounds] and the like can be combined at
// will; Mutate is the test's own.
func Readings() []NamedReading {
	return []NamedReading{
		{"as most plausible", Reading{}},
		{"filters by started_at", Reading{FilterColumn: StartedAt}},
		{"filters by ended_at", Reading{FilterColumn: EndedAt}},
		{"filters by updated_at", Reading{FilterColumn: UpdatedAt}},
		{"start exclusive", Reading{StartExclusive: true}},
		{"end inclusive", Reading{EndInclusive: true}},
		{"needs both bounds", Reading{NeedBothBounds: true}},
		{"at most 20 per page", Reading{MaxPerPage: 20}},
		{"at most 1,000 per page", Reading{MaxPerPage: 1000}},
		{"pages from zero", Reading{PagesFromZero: true}},
		{"fewer per page", Reading{FewerPerPage: true}},
		{"the same page for ever", Reading{SamePageForever: true}},
		{"no total_count", Reading{OmitTotal: true}},
		{"no paging", Reading{OmitPaging: true}},
		{"total one too low", Reading{TotalLies: func(total, _ int) int { return max(0, total-1) }}},
		{"total one too high", Reading{TotalLies: func(total, _ int) int { return total + 1 }}},
		{"total zero", Reading{TotalLies: func(int, int) int { return 0 }}},
		{"total grows", Reading{TotalLies: func(total, request int) int { return total + request }}},
		{"ties reversed", Reading{TieOrder: TiesByIDReversed}},
		{"ties shuffled", Reading{TieOrder: TiesShuffled, TieSeed: 1}},
		{"status ignored", Reading{IgnoreStatus: true}},
		{"ended_at absent", Reading{IgnoreStatus: true, EndedAtStyle: EndedAtAbsent}},
		{"ended_at the text null", Reading{IgnoreStatus: true, EndedAtStyle: EndedAtNullText}},
		{"space in times", Reading{TimeStyle: TimeWithSpace}},
		{"microseconds in times", Reading{TimeStyle: TimeWithMicros}},
		{"documented members only", Reading{OmitUndocumented: true}},
	}
}
