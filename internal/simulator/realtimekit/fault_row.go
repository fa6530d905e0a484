package realtimekit

import (
	"encoding/json"
	"strings"
	"time"
)

// A RowFault is one thing that is wrong with one row of a page. Use it with [Row] for a row by its place, or with
// [Server.Spoil] for a session by its id.
type RowFault struct {
	Name string
	edit func(row []byte) []byte
}

// Row makes a fault that spoils one row of the page, counted from 0; beyond the page's end it spoils the last one. A
// page without rows stays as it is.
func Row(index int, fault RowFault) Fault {
	return Fault{Name: "row: " + fault.Name, edit: func(a *answer, _ time.Time) {
		if a.page == nil || len(a.page.rows) == 0 {
			return
		}
		i := min(index, len(a.page.rows)-1)
		a.page.rows[i] = fault.edit(a.page.rows[i])
	}}
}

// Set makes a fault that replaces the value of one member of a row; value is JSON and should be, but need not be, valid.
// A member that the row does not have stays away.
func Set(name, member, value string) RowFault {
	return RowFault{Name: name, edit: func(row []byte) []byte {
		return editRow(row, func(name string, old json.RawMessage) (json.RawMessage, bool) {
			if name == member {
				return json.RawMessage(value), true
			}
			return old, true
		})
	}}
}

// Drop makes a fault that takes one member out of a row.
func Drop(name, member string) RowFault {
	return RowFault{Name: name, edit: func(row []byte) []byte {
		return editRow(row, func(name string, old json.RawMessage) (json.RawMessage, bool) { return old, name != member })
	}}
}

// Whole makes a fault that replaces a whole row by other JSON.
func Whole(name, value string) RowFault {
	return RowFault{Name: name, edit: func([]byte) []byte { return []byte(value) }}
}

// RowFaults lists what can be wrong with a row. After most of them the row must not be counted; after a numeric
// string, a huge title or a title of another kind a program may know better.
func RowFaults() []RowFault {
	return []RowFault{
		MinutesMissing(), MinutesNull(), MinutesWord(), MinutesNumericText(), MinutesNegative(), MinutesNaNText(),
		MinutesBareNaN(), MinutesAbsurd(), MinutesObject(),
		IDMissing(), IDNull(), IDNumber(), IDEmpty(),
		StatusMissing(), StatusLive(), StatusUnknown(),
		EndedAtIsNull(), EndedAtMissing(), EndedAtTextNull(), EndedAtGarbage(), EndedAtNumber(), EndedBeforeStarted(),
		TitleHuge(), TitleNumber(), RowNull(), RowText(),
	}
}

// MinutesMissing leaves minutes_consumed out.
func MinutesMissing() RowFault { return Drop("minutes missing", "minutes_consumed") }

// MinutesNull makes minutes_consumed null.
func MinutesNull() RowFault { return Set("minutes null", "minutes_consumed", `null`) }

// MinutesWord makes minutes_consumed the string "oops".
func MinutesWord() RowFault { return Set("minutes a word", "minutes_consumed", `"oops"`) }

// MinutesNumericText makes minutes_consumed a string that holds a number.
func MinutesNumericText() RowFault {
	return Set("minutes a numeric string", "minutes_consumed", `"12.5"`)
}

// MinutesNegative makes minutes_consumed −1.5.
func MinutesNegative() RowFault { return Set("minutes negative", "minutes_consumed", `-1.5`) }

// MinutesNaNText makes minutes_consumed the string "NaN".
func MinutesNaNText() RowFault { return Set("minutes the text NaN", "minutes_consumed", `"NaN"`) }

// MinutesBareNaN makes minutes_consumed NaN without quotes, which breaks the whole answer's JSON.
func MinutesBareNaN() RowFault { return Set("minutes a bare NaN", "minutes_consumed", `NaN`) }

// MinutesAbsurd makes minutes_consumed 1e308: a float64, but two of them overflow.
func MinutesAbsurd() RowFault { return Set("minutes absurd", "minutes_consumed", `1e308`) }

// MinutesObject makes minutes_consumed an object.
func MinutesObject() RowFault { return Set("minutes an object", "minutes_consumed", `{"total":1}`) }

// IDMissing leaves the id out.
func IDMissing() RowFault { return Drop("id missing", "id") }

// IDNull makes the id null.
func IDNull() RowFault { return Set("id null", "id", `null`) }

// IDNumber makes the id a number.
func IDNumber() RowFault { return Set("id a number", "id", `7`) }

// IDEmpty makes the id empty.
func IDEmpty() RowFault { return Set("id empty", "id", `""`) }

// StatusMissing leaves the status out.
func StatusMissing() RowFault { return Drop("status missing", "status") }

// StatusLive makes the status LIVE, whatever was asked for.
func StatusLive() RowFault { return Set("status LIVE", "status", `"LIVE"`) }

// StatusUnknown makes the status one that is not documented.
func StatusUnknown() RowFault { return Set("status unknown", "status", `"PAUSED"`) }

// EndedAtIsNull makes ended_at null.
func EndedAtIsNull() RowFault { return Set("ended_at null", "ended_at", `null`) }

// EndedAtMissing leaves ended_at out.
func EndedAtMissing() RowFault { return Drop("ended_at missing", "ended_at") }

// EndedAtTextNull makes ended_at the string "null".
func EndedAtTextNull() RowFault { return Set("ended_at the text null", "ended_at", `"null"`) }

// EndedAtGarbage makes ended_at no time.
func EndedAtGarbage() RowFault { return Set("ended_at garbage", "ended_at", `"yesterday"`) }

// EndedAtNumber makes ended_at a Unix time.
func EndedAtNumber() RowFault { return Set("ended_at a number", "ended_at", `1763791203`) }

// EndedBeforeStarted moves started_at far behind ended_at, which stays, so that the session is still in the window.
func EndedBeforeStarted() RowFault {
	return Set("ended before started", "started_at", `"2999-01-01T00:00:00.000Z"`)
}

// TitleHuge makes the title 10 MB long.
func TitleHuge() RowFault {
	return RowFault{Name: "title of 10 MB", edit: func(row []byte) []byte {
		return Set("", "meeting_display_name", `"`+strings.Repeat("ha", 5<<20)+`"`).edit(row)
	}}
}

// TitleNumber makes the title a number.
func TitleNumber() RowFault { return Set("title a number", "meeting_display_name", `42`) }

// RowNull makes the whole row null.
func RowNull() RowFault { return Whole("row null", `null`) }

// RowText makes the whole row a string.
func RowText() RowFault { return Whole("row a string", `"session"`) }
