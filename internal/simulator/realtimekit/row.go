package realtimekit

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// encoder writes sessions as the API does.
type encoder struct {
	appID   string
	reading Reading
}

// row is one element of data.sessions. rooms are the session's breakout rooms.
func (e encoder) row(s Session, rooms []Session) []byte {
	w := object{buffer: make([]byte, 0, 900)}
	w.text("id", s.ID)
	w.text("associated_id", s.MeetingID)
	w.text("meeting_display_name", s.Title)
	w.text("type", s.Type)
	w.text("status", s.Status)
	w.integer("live_participants", s.LiveParticipants)
	w.integer("max_concurrent_participants", s.Peak)
	w.raw("minutes_consumed", s.Minutes)
	w.text("organization_id", e.appID)
	e.time(&w, "started_at", s.StartedAt)
	e.time(&w, "created_at", s.CreatedAt)
	e.time(&w, "updated_at", s.UpdatedAt)
	e.endedAt(&w, s.EndedAt)
	w.raw("breakout_rooms", e.rooms(rooms))
	w.raw("meta", "{}")
	if !e.reading.OmitUndocumented {
		undocumented(&w, s)
	}
	return w.close()
}

// undocumented writes the members that live answers have and the schema has not, as independent decoders name them.
// That the minutes are split by kind so that the kinds add up is a guess.
func undocumented(w *object, s Session) {
	w.integer("total_participants", s.Participants)
	if s.AudioMinutes != nil {
		group, webinar, livestream := "0", "0", "0"
		switch rest := subtract(s.Minutes, *s.AudioMinutes); s.Type {
		case "webinar":
			webinar = rest
		case "livestream":
			livestream = rest
		default:
			group = rest
		}
		w.raw("group_call_minutes_consumed", group)
		w.raw("webinar_minutes_consumed", webinar)
		w.raw("audio_room_minutes_consumed", *s.AudioMinutes)
		w.raw("livestream_minutes_consumed", livestream)
	}
	w.raw("chat_minutes_consumed", "0")
	w.raw("recording_minutes_consumed", "0")
	w.raw("transcription_minutes_consumed", "0")
	w.raw("recording_status", "null")
	w.raw("livestream_status", "null")
	if s.ParentSessionID == "" {
		w.raw("parent_session_id", "null")
	} else {
		w.text("parent_session_id", s.ParentSessionID)
	}
}

func (e encoder) time(w *object, name string, t time.Time) {
	w.text(name, t.UTC().Format(e.reading.TimeStyle))
}

func (e encoder) endedAt(w *object, t time.Time) {
	switch {
	case !t.IsZero():
		e.time(w, "ended_at", t)
	case e.reading.EndedAtStyle == EndedAtNull:
		w.raw("ended_at", "null")
	case e.reading.EndedAtStyle == EndedAtNullText:
		w.text("ended_at", "null")
	}
}

// rooms lists breakout rooms inside their parent, where a careless client would count them a second time. The schema
// leaves the elements open.
func (e encoder) rooms(rooms []Session) string {
	if e.reading.OmitUndocumented || len(rooms) == 0 {
		return "[]"
	}
	list := []byte{'['}
	for i, room := range rooms {
		if i > 0 {
			list = append(list, ',')
		}
		var w object
		w.text("id", room.ID)
		w.text("associated_id", room.MeetingID)
		w.text("meeting_display_name", room.Title)
		w.text("status", room.Status)
		w.raw("minutes_consumed", room.Minutes)
		e.endedAt(&w, room.EndedAt)
		list = append(list, w.close()...)
	}
	return string(append(list, ']'))
}

// object writes one JSON object with its members in the order of the calls.
type object struct{ buffer []byte }

func (w *object) raw(name, value string) {
	if len(w.buffer) == 0 {
		w.buffer = append(w.buffer, '{')
	} else {
		w.buffer = append(w.buffer, ',')
	}
	w.buffer = appendText(w.buffer, name)
	w.buffer = append(w.buffer, ':')
	w.buffer = append(w.buffer, value...)
}

func (w *object) text(name, value string) { w.raw(name, string(appendText(nil, value))) }

func (w *object) integer(name string, value int) { w.raw(name, strconv.Itoa(value)) }

func (w *object) close() []byte {
	if len(w.buffer) == 0 {
		return []byte("{}")
	}
	return append(w.buffer, '}')
}

// appendText writes a JSON string as a JavaScript service does: <, > and & stay as they are.
func appendText(buffer []byte, text string) []byte {
	special := func(c rune) bool { return c < ' ' || c > '~' || c == '"' || c == '\\' }
	if strings.IndexFunc(text, special) < 0 { // by far the most: ids, times, names of members
		return append(append(append(buffer, '"'), text...), '"')
	}
	var quoted bytes.Buffer
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		return append(buffer, `""`...) // cannot be: a string always encodes
	}
	return append(buffer, bytes.TrimSuffix(quoted.Bytes(), []byte{'\n'})...)
}
