package realtimekit

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"
)

// Generate makes the sessions of the days before end, the same for the same arguments, ordered by creation. It is a
// plausible account: a few hundred meetings, of which some recur every day; busy hours in Europe and America, quiet
// nights and weekends; 600 to 700 ended sessions on a usual weekday (in UTC) and about a quarter of that on a weekend;
// breakout rooms; sessions across midnight; a few that are still live at end; and titles of every nasty kind, some of
// which change half-way. A day is 24 hours here, as days are counted in UTC.
func Generate(seed uint64, end time.Time, days int) []Session {
	if days <= 0 {
		return nil
	}
	end = end.UTC().Truncate(time.Millisecond)
	g := &generator{
		random: rand.New(rand.NewPCG(seed, 0x5265616c74696d65)), // a stream of its own
		start:  end.AddDate(0, 0, -days), end: end,
	}
	g.makeMeetings()
	for day := g.start.Truncate(24 * time.Hour); day.Before(end); day = day.AddDate(0, 0, 1) {
		g.makeDay(day)
	}
	g.makeLive()
	slices.SortStableFunc(g.sessions, func(a, b Session) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return g.sessions
}

type generator struct {
	random     *rand.Rand
	start, end time.Time
	meetings   []meeting
	reach      []float64 // running sum of the meetings' weights
	sessions   []Session
}

type meeting struct {
	id, kind      string
	title, before string        // before is the title of the first half of the time
	slot          time.Duration // of the day, for one that recurs; 0 for the others
	length        time.Duration // usual length, for one that recurs
	size          float64       // factor on the number of people
	rooms         []meeting     // breakout rooms
}

func (g *generator) makeMeetings() {
	plain, nasty := plainTitles(), nastyTitles()
	titles := append(slices.Clone(plain), nasty...)
	g.random.Shuffle(len(titles), func(i, j int) { titles[i], titles[j] = titles[j], titles[i] })
	sum := 0.0
	for rank, title := range titles {
		m := meeting{id: g.meetingID(), kind: "meeting", title: title, before: title, size: 1}
		switch chance := g.random.Float64(); {
		case chance < 0.05:
			m.kind, m.size = "webinar", 6
		case chance < 0.09:
			m.kind = "audio_room"
		case chance < 0.12:
			m.kind, m.size = "livestream", 4
		}
		if g.random.Float64() < 0.08 {
			m.before = plain[g.random.IntN(len(plain))]
		}
		if rank < 45 { // from 6:00 to 20:00, on the quarter
			m.slot = 6*time.Hour + time.Duration(g.random.IntN(14*4))*15*time.Minute
			m.length = time.Duration(1+g.random.IntN(6)) * 15 * time.Minute
		}
		if rank == 45 {
			m.title, m.before, m.slot, m.length = "Night shift handover", "Night shift handover", 22*time.Hour+30*time.Minute, 4*time.Hour
		}
		if rank < 4 {
			m.kind, m.size = "meeting", 3
			for room := range 2 + g.random.IntN(3) {
				name := fmt.Sprintf("Room %d", room+1)
				m.rooms = append(m.rooms, meeting{id: g.meetingID(), kind: "meeting", title: name, before: name})
			}
		}
		g.meetings = append(g.meetings, m)
		sum += math.Pow(float64(rank+3), -1.1) // a few are held very often, most seldom
		g.reach = append(g.reach, sum)
	}
}

func (g *generator) makeDay(day time.Time) {
	count := 605 + g.random.IntN(35)
	weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
	if weekend {
		count = 150 + g.random.IntN(30)
	}
	for _, m := range g.meetings {
		if m.slot == 0 || weekend && m.length < 4*time.Hour {
			continue
		}
		late := time.Duration(g.random.IntN(240)) * time.Second
		length := time.Duration(float64(m.length) * (0.8 + 0.4*g.random.Float64()))
		g.hold(m, day.Add(m.slot+late), length)
		count--
	}
	for range count {
		point := g.random.Float64() * g.reach[len(g.reach)-1]
		i, _ := slices.BinarySearch(g.reach, point)
		length := time.Duration(9 * math.Exp(0.95*g.random.NormFloat64()) * float64(time.Minute))
		g.hold(g.meetings[i], day.Add(g.hour()), min(max(length, 2*time.Second), 7*time.Hour))
	}
}

// hour picks a time of the day: Europe's office hours, then America's, in UTC.
func (g *generator) hour() time.Duration {
	weights := [24]int{9, 6, 5, 4, 5, 9, 20, 45, 75, 90, 88, 70, 62, 80, 95, 92, 80, 66, 55, 48, 40, 30, 22, 14}
	sum := 0
	for _, weight := range weights {
		sum += weight
	}
	point := g.random.IntN(sum)
	hour := 0
	for point >= weights[hour] {
		point -= weights[hour]
		hour++
	}
	return time.Duration(hour)*time.Hour + time.Duration(g.random.IntN(3_600_000))*time.Millisecond
}

// hold adds one session of a meeting, and its breakout rooms, unless it starts outside the time that is generated.
func (g *generator) hold(m meeting, start time.Time, length time.Duration) {
	if start.Before(g.start) || !start.Before(g.end) {
		return
	}
	people := 1 + int(min(1.7*m.size*math.Exp(0.75*g.random.NormFloat64()), 400))
	s := g.session(m, start, length, people)
	g.sessions = append(g.sessions, s)
	if length < 20*time.Minute || g.random.IntN(3) > 0 {
		return
	}
	for _, room := range m.rooms {
		r := g.session(room, start.Add(length/3), length/3, max(1, people/len(m.rooms)))
		r.ParentSessionID = s.ID
		if r.StartedAt.Before(g.end) {
			g.sessions = append(g.sessions, r)
		}
	}
}

func (g *generator) session(m meeting, start time.Time, length time.Duration, people int) Session {
	start = start.Truncate(time.Millisecond)
	s := Session{
		ID: g.uuid(), MeetingID: m.id, Title: m.title, Type: m.kind, Status: Ended, Peak: people,
		Participants: people + g.random.IntN(1+people/3),
		StartedAt:    start, CreatedAt: start.Add(-time.Duration(g.random.IntN(90_000)) * time.Millisecond),
	}
	if start.Before(g.start.Add(g.end.Sub(g.start) / 2)) {
		s.Title = m.before
	}
	present := length
	// A session ends 60 seconds after the last person has left, unless an app sets otherwise.
	ended := start.Add(length + time.Minute).Truncate(time.Millisecond)
	if ended.Before(g.end) {
		s.EndedAt = ended
		s.UpdatedAt = ended.Add(time.Duration(g.random.IntN(5_000)) * time.Millisecond)
	} else {
		s.Status, s.LiveParticipants = Live, 1+g.random.IntN(people)
		s.UpdatedAt = start.Add(g.end.Sub(start) / 2)
		present = g.end.Sub(start) / 3
	}
	seconds := int(float64(people) * present.Seconds() * (0.45 + 0.5*g.random.Float64()))
	s.Minutes = asJavaScript(seconds)
	audio := 0
	switch {
	case m.kind == "audio_room":
		audio = seconds
	case g.random.IntN(10) == 0: // somebody joined by telephone
		audio = seconds / (2 + g.random.IntN(6))
	}
	text := asJavaScript(audio)
	s.AudioMinutes = &text
	return s
}

// makeLive adds three sessions that go on at the end, and, where there is time for it, one that got stuck.
func (g *generator) makeLive() {
	for _, since := range []time.Duration{3 * time.Minute, 12 * time.Minute, 25 * time.Minute} {
		g.hold(g.meetings[g.random.IntN(len(g.meetings))], g.end.Add(-since), 2*time.Hour)
	}
	g.hold(g.meetings[50], g.end.Add(-50*time.Hour), 100*time.Hour)
}

// asJavaScript prints seconds as minutes the way a JavaScript service does: 421 gives 7.016666666666667.
func asJavaScript(seconds int) string {
	return strconv.FormatFloat(float64(seconds)/60, 'f', -1, 64)
}

// meetingID is a UUID, or, for an old meeting, a room name.
func (g *generator) meetingID() string {
	if g.random.IntN(4) > 0 {
		return g.uuid()
	}
	name := make([]byte, 13)
	for i := range name {
		name[i] = byte('a' + g.random.IntN(26))
	}
	name[6] = '-'
	return string(name)
}

func (g *generator) uuid() string {
	high := g.random.Uint64()&^0xf000 | 0x4000
	low := g.random.Uint64()&^(3<<62) | 2<<62
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", high>>32, high>>16&0xffff, high&0xffff, low>>48, low&(1<<48-1))
}
