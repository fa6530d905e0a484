package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"time"

	"realtimekit-digest/internal/period"
	"realtimekit-digest/internal/simulator/realtimekit"
)

// pageSize is the number of rows that both programs ask for.
const pageSize = 100

// window is one local day, read an hour after it was over.
type window struct{ start, end, now time.Time }

func oneDay() (window, error) {
	zone, err := period.LoadZone("Europe/Berlin")
	if err != nil {
		return window{}, err
	}
	day := period.Date{Year: 2026, Month: time.March, Day: 10}
	end := period.StartOfDay(day.AddDays(1), zone)
	return window{start: period.StartOfDay(day, zone), end: end, now: end.Add(time.Hour)}, nil
}

// usage makes sessions that were created and ended within the window, always
// the same, in a twentieth as many meetings. The simulator's own month of
// usage has nasty titles of ten kilobytes; these are the usual ones, so that
// the size of a page is that of a plain account.
func usage(count int, w window) []realtimekit.Session {
	g := generator{random: rand.New(rand.NewPCG(1, 100_000)), window: w}
	meetings := make([]meeting, max(1, count/20))
	for i := range meetings {
		meetings[i] = g.meeting(i)
	}
	list := make([]realtimekit.Session, count)
	for i := range list {
		m := meetings[i%len(meetings)] // so that every meeting has one
		if i >= len(meetings) {
			// The fifth power of an even chance makes a few of them busy.
			m = meetings[int(float64(len(meetings))*math.Pow(g.random.Float64(), 5))]
		}
		list[i] = g.session(m)
	}
	return list
}

type generator struct {
	random *rand.Rand
	window window
}

type meeting struct{ id, title, kind string }

func (g *generator) meeting(i int) meeting {
	subjects := []string{
		"Platform stand-up", "Customer onboarding", "Physiotherapy follow-up", "Spanish A2 lesson", "Büro Köln Wochenstart",
		"Q&A with the \"core\" team", "Sales EMEA pipeline", "週次定例会議", "Interview, second round", "Algebra exam preparation",
	}
	kinds := []string{"meeting", "meeting", "meeting", "meeting", "meeting", "meeting", "meeting", "webinar", "audio_room", "livestream"}
	m := meeting{
		id: g.uuid(), kind: kinds[g.random.IntN(len(kinds))],
		title: fmt.Sprintf("%s · group %04d", subjects[i%len(subjects)], i),
	}
	if g.random.IntN(4) == 0 { // an old meeting has a room name
		m.id = fmt.Sprintf("%c%05x-%06x", 'g'+g.random.IntN(20), g.random.IntN(1<<20), g.random.IntN(1<<24))
	}
	return m
}

func (g *generator) session(m meeting) realtimekit.Session {
	people := 1 + int(min(2.5*math.Exp(0.75*g.random.NormFloat64()), 400))
	length := time.Duration(9*math.Exp(0.95*g.random.NormFloat64())*60_000) * time.Millisecond
	length = min(max(length, 2*time.Second), 7*time.Hour)
	// A minute and a half at most to come in, and a minute until a session
	// that everybody has left has ended.
	coming, ending := time.Duration(g.random.IntN(90_000))*time.Millisecond, time.Minute
	room := g.window.end.Sub(g.window.start) - coming - length - ending
	created := g.window.start.Add(time.Duration(g.random.Int64N(room.Milliseconds())) * time.Millisecond)
	ended := created.Add(coming + length + ending)
	seconds := int(float64(people) * length.Seconds() * (0.45 + 0.5*g.random.Float64()))
	audio := 0
	if m.kind == "audio_room" {
		audio = seconds
	} else if g.random.IntN(10) == 0 {
		audio = seconds / 3
	}
	audioMinutes := asMinutes(audio)
	return realtimekit.Session{
		ID: g.uuid(), MeetingID: m.id, Title: m.title, Type: m.kind, Status: realtimekit.Ended,
		Minutes: asMinutes(seconds), AudioMinutes: &audioMinutes, Peak: people, Participants: people + g.random.IntN(3),
		CreatedAt: created, StartedAt: created.Add(coming), EndedAt: ended,
		UpdatedAt: ended.Add(time.Duration(g.random.IntN(5_000)) * time.Millisecond),
	}
}

// asMinutes prints seconds as minutes with all their digits, as the service
// does: 421 gives 7.016666666666667.
func asMinutes(seconds int) string { return strconv.FormatFloat(float64(seconds)/60, 'f', -1, 64) }

func (g *generator) uuid() string {
	high, low := g.random.Uint64(), g.random.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", high>>32, high>>16&0xffff, high&0xfff, low>>48&0x3fff|0x8000, low&(1<<48-1))
}
