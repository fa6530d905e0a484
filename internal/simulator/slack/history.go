package slack

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// maxHistory is the number of messages of one page. Slack gives up to 999 to
// some apps and, since May 2025, 15 to others (docs.slack.dev,
// conversations.history); what works with 15 works for all.
const maxHistory = 15

// history is conversations.history: the messages after oldest and before
// latest, newest first, and with inclusive those at the bounds too. When there
// are more than limit, the page holds those closest to latest or, with oldest
// alone, those closest to oldest.
func (s *Server) history(args arguments) answer {
	if refusal, ok := s.readable(args["channel"]); !ok {
		return refusal
	}
	w, refusal, ok := readWindow(args)
	if !ok {
		return refusal
	}
	var page []Message
	for _, m := range s.messages[args["channel"]] {
		if w.holds(m.TS) {
			page = append(page, m)
		}
	}
	body := map[string]any{"has_more": len(page) > w.limit, "pin_count": 0}
	if len(page) > w.limit {
		cursor := ""
		if w.forward {
			page = page[:w.limit]
			cursor = "after:" + page[w.limit-1].TS
		} else {
			page = page[len(page)-w.limit:]
			cursor = "before:" + page[0].TS
		}
		body["response_metadata"] = map[string]any{"next_cursor": base64.StdEncoding.EncodeToString([]byte(cursor))}
	}
	slices.Reverse(page)
	messages := make([]map[string]any, len(page))
	for i, m := range page {
		messages[i] = wire(m, args.bool("include_all_metadata"))
	}
	body["messages"] = messages
	return done(body)
}

// wire is a message as Slack sends it. Blocks and metadata are there only if
// the message has them.
func wire(m Message, withMetadata bool) map[string]any {
	body := map[string]any{"type": "message", "ts": m.TS, "text": m.Text, "team": TeamID}
	if m.BotID == BotID {
		body["user"], body["app_id"] = UserID, AppID
	}
	if m.BotID != "" {
		body["bot_id"] = m.BotID
	}
	if m.Blocks != nil {
		body["blocks"] = m.Blocks
	}
	if m.Metadata != nil && withMetadata {
		body["metadata"] = m.Metadata
	}
	if m.Edited {
		body["edited"] = map[string]any{"user": UserID, "ts": m.TS}
	}
	return body
}

// window is which messages a call asks for. Bounds are in microseconds.
type window struct {
	after, before         int64
	hasBefore, hasAfter   bool
	inclAfter, inclBefore bool
	forward               bool
	limit                 int
}

func (w window) holds(ts string) bool {
	at, _ := parseTS(ts)
	if w.hasAfter && (at < w.after || at == w.after && !w.inclAfter) {
		return false
	}
	return !w.hasBefore || at < w.before || at == w.before && w.inclBefore
}

func readWindow(args arguments) (w window, refusal answer, ok bool) {
	w.limit = maxHistory
	if limit := args["limit"]; limit != "" {
		n, err := strconv.Atoi(limit)
		if err != nil || n < 1 || n > 999 {
			return w, refuse("invalid_arguments", errorLevel+"must be 1 to 999 [json-pointer:/limit]"), false
		}
		w.limit = min(n, maxHistory)
	}
	inclusive := args.bool("inclusive")
	if oldest := args["oldest"]; oldest != "" {
		if w.after, ok = parseTS(oldest); !ok {
			return w, refuse("invalid_ts_oldest"), false
		}
		w.hasAfter, w.inclAfter = true, inclusive
	}
	if latest := args["latest"]; latest != "" {
		if w.before, ok = parseTS(latest); !ok {
			return w, refuse("invalid_ts_latest"), false
		}
		w.hasBefore, w.inclBefore = true, inclusive
	}
	w.forward = w.hasAfter && !w.hasBefore
	if cursor := args["cursor"]; cursor != "" {
		if !w.from(cursor) {
			return w, refuse("invalid_cursor"), false
		}
	}
	return w, answer{}, true
}

// from goes on where the page that gave the cursor ended.
func (w *window) from(cursor string) bool {
	text, err := base64.StdEncoding.DecodeString(cursor)
	side, ts, _ := strings.Cut(string(text), ":")
	at, ok := parseTS(ts)
	if err != nil || !ok {
		return false
	}
	switch side {
	case "after":
		w.after, w.hasAfter, w.inclAfter = at, true, false
	case "before":
		w.before, w.hasBefore, w.inclBefore = at, true, false
	default:
		return false
	}
	return true
}

// parseTS reads seconds with up to six decimals, as microseconds.
func parseTS(ts string) (int64, bool) {
	whole, fraction, _ := strings.Cut(ts, ".")
	if len(whole) > 11 || len(fraction) > 6 {
		return 0, false
	}
	micros, err := strconv.ParseUint(whole+fraction+strings.Repeat("0", 6-len(fraction)), 10, 63)
	return int64(micros), err == nil && whole != ""
}

func formatTS(micros int64) string { return fmt.Sprintf("%d.%06d", micros/1e6, micros%1e6) }

func compareTS(a, b string) int {
	x, _ := parseTS(a)
	y, _ := parseTS(b)
	return cmp.Compare(x, y)
}
