package realtimekit

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// dataset is a set of sessions that can be filtered and sorted. It is safe for use by one goroutine at a time.
type dataset struct {
	encoder
	sessions []Session
	minutes  []float64          // the nearest float64 of each session's minutes
	rooms    map[string][]int32 // breakout rooms by parent
	rows     [][]byte           // each session as JSON, nil where not written yet
	sorted   map[selection][]int32
}

// maxSorted bounds the memory for sorted rows: a client asks for one or two orders of one window.
const maxSorted = 16

func newDataset(sessions []Session, e encoder) (*dataset, error) {
	d := &dataset{
		encoder: e, sessions: make([]Session, len(sessions)), minutes: make([]float64, len(sessions)),
		rooms: make(map[string][]int32), rows: make([][]byte, len(sessions)), sorted: make(map[selection][]int32),
	}
	for i, s := range sessions {
		if err := s.check(); err != nil {
			return nil, err
		}
		d.sessions[i] = s.withDefaults()
		d.minutes[i], _ = strconv.ParseFloat(s.Minutes, 64) // checked above
		if s.ParentSessionID != "" {
			d.rooms[s.ParentSessionID] = append(d.rooms[s.ParentSessionID], int32(i))
		}
	}
	return d, nil
}

// encodeAll writes all rows ahead, so that a benchmark of a client does not measure the simulator.
func (d *dataset) encodeAll() {
	for i := range d.sessions {
		d.encoded(int32(i))
	}
}

func (d *dataset) encoded(i int32) []byte {
	if d.rows[i] == nil {
		var rooms []Session
		for _, room := range d.rooms[d.sessions[i].ID] {
			rooms = append(rooms, d.sessions[room])
		}
		d.rows[i] = d.row(d.sessions[i], rooms)
	}
	return d.rows[i]
}

// choose returns the indices of the sessions that sel selects, sorted. The slice is shared: it must not be changed.
func (d *dataset) choose(sel selection) []int32 {
	if chosen, ok := d.sorted[sel]; ok {
		return chosen
	}
	var chosen []int32
	for i, s := range d.sessions {
		if d.matches(s, sel) {
			chosen = append(chosen, int32(i))
		}
	}
	slices.SortStableFunc(chosen, func(a, b int32) int {
		order := d.compare(a, b, sel.sortBy)
		if sel.descending {
			order = -order
		}
		if order == 0 {
			order = cmp.Compare(d.sessions[a].ID, d.sessions[b].ID)
			if d.reading.TieOrder == TiesByIDReversed {
				order = -order
			}
		}
		return order
	})
	if len(d.sorted) >= maxSorted {
		clear(d.sorted)
	}
	d.sorted[sel] = chosen
	return chosen
}

// compare orders by the sort key alone, ascending; 0 is a tie.
func (d *dataset) compare(a, b int32, sortBy string) int {
	if sortBy == "minutesConsumed" {
		return compareDecimals(d.sessions[a].Minutes, d.sessions[b].Minutes, d.minutes[a], d.minutes[b])
	}
	return d.sessions[a].CreatedAt.Compare(d.sessions[b].CreatedAt)
}

func (d *dataset) matches(s Session, sel selection) bool {
	if sel.status != "" && s.Status != sel.status {
		return false
	}
	if sel.associatedID != "" && s.MeetingID != sel.associatedID {
		return false
	}
	if sel.most > 0 && (s.Peak < sel.fewest || s.Peak > sel.most) {
		return false
	}
	if sel.search != "" && !contains(s.Title, sel.search) && !contains(s.MeetingID, sel.search) && !contains(s.ID, sel.search) {
		return false
	}
	return d.inRange(s, sel)
}

func (d *dataset) inRange(s Session, sel selection) bool {
	if !sel.start.set && !sel.end.set {
		return true
	}
	moment := at(d.reading.filtered(s))
	if !moment.set {
		return false
	}
	if sel.start.set && (moment.micros < sel.start.micros || d.reading.StartExclusive && moment.micros == sel.start.micros) {
		return false
	}
	return !sel.end.set || moment.micros < sel.end.micros || d.reading.EndInclusive && moment.micros == sel.end.micros
}

// contains is search's notion of a match: a part, whatever the case (a guess).
func contains(text, lower string) bool { return strings.Contains(strings.ToLower(text), lower) }

// page cuts rows [from, to) out of what sel selects. Where ties are shuffled, each run of equal rows is put in another
// order for each request, so that a run that lies across a page's edge repeats or loses rows as offset paging does.
func (d *dataset) page(sel selection, from, to, request int) []int32 {
	chosen := d.choose(sel)
	if d.reading.TieOrder != TiesShuffled || from >= to {
		return chosen[from:to]
	}
	low, high := from, to
	for low > 0 && d.compare(chosen[low-1], chosen[low], sel.sortBy) == 0 {
		low--
	}
	for high < len(chosen) && d.compare(chosen[high-1], chosen[high], sel.sortBy) == 0 {
		high++
	}
	rows := slices.Clone(chosen[low:high])
	for first := 0; first < len(rows); {
		next := first + 1
		for next < len(rows) && d.compare(rows[first], rows[next], sel.sortBy) == 0 {
			next++
		}
		run := rows[first:next]
		random := rand.New(rand.NewPCG(d.reading.TieSeed, uint64(request)<<32|uint64(low+first)))
		random.Shuffle(len(run), func(i, j int) { run[i], run[j] = run[j], run[i] })
		first = next
	}
	return rows[from-low : to-low]
}
