package slack

import (
	"encoding/json"
	"regexp"
	"time"

	"realtimekit-digest/internal/blockkit"
)

// The lengths of text that Slack takes (docs.slack.dev, chat.postMessage and
// chat.update, msg_too_long).
const (
	maxPostText   = 40000
	maxUpdateText = 4000
)

// postMessage is chat.postMessage. It has no idempotency key: the same message
// sent twice is two messages.
func (s *Server) postMessage(args arguments) answer {
	channel := args["channel"]
	if refusal, ok := s.writable(channel); !ok {
		return refusal
	}
	blocks := asBlocks(args["blocks"])
	if refusal, ok := s.content(args["text"], blocks, maxPostText); !ok {
		return refusal
	}
	metadata := asJSON(args["metadata"])
	if refusal, ok := checkMetadata(metadata); !ok {
		return refusal
	}
	if now := s.now(); s.enforceRate {
		if last, ok := s.posted[channel]; ok && now.Sub(last) < time.Second {
			return rateLimited("1")
		}
		s.posted[channel] = now
	}
	m := Message{Channel: channel, BotID: BotID, Text: args["text"], Blocks: blocks, Metadata: metadata}
	m.TS = s.store(m)
	return done(map[string]any{"channel": channel, "ts": m.TS, "message": wire(m, true)})
}

// update is chat.update (docs.slack.dev): with text alone the blocks go, with
// blocks alone the text goes, and metadata stays unless it is given; {} removes
// it.
func (s *Server) update(args arguments) answer {
	channel, ts := args["channel"], args["ts"]
	if refusal, ok := s.writable(channel); !ok {
		return refusal
	}
	if ts == "" {
		return missing("ts")
	}
	var m *Message
	for i := range s.messages[channel] {
		if s.messages[channel][i].TS == ts {
			m = &s.messages[channel][i]
		}
	}
	if m == nil {
		return refuse("message_not_found")
	}
	if m.BotID != BotID {
		return refuse("cant_update_message")
	}
	blocks := asBlocks(args["blocks"])
	if refusal, ok := s.content(args["text"], blocks, maxUpdateText); !ok {
		return refusal
	}
	metadata := asJSON(args["metadata"])
	switch {
	case metadata == nil:
		metadata = m.Metadata
	case isEmptyObject(metadata):
		metadata = nil
	default:
		if refusal, ok := checkMetadata(metadata); !ok {
			return refusal
		}
	}
	m.Text, m.Blocks, m.Metadata, m.Edited = args["text"], blocks, metadata, true
	return done(map[string]any{"channel": channel, "ts": ts, "text": m.Text, "message": wire(*m, true)})
}

// writable tells whether the bot may write to a channel.
func (s *Server) writable(channel string) (answer, bool) {
	if channel == "" {
		return missing("channel"), false
	}
	switch s.state(channel) {
	case Unknown:
		return refuse("channel_not_found"), false
	case NotMember:
		return refuse("not_in_channel"), false
	case Archived:
		return refuse("is_archived"), false
	}
	return answer{}, true
}

// readable tells whether the bot may read a channel.
func (s *Server) readable(channel string) (answer, bool) {
	if channel == "" {
		return missing("channel"), false
	}
	switch s.state(channel) {
	case Unknown:
		return refuse("channel_not_found"), false
	case NotMember, WriteOnly:
		return refuse("not_in_channel"), false
	}
	return answer{}, true
}

// state is a channel's state: as it was set, otherwise by its ID. A name such
// as #general is no ID. Slack's IDs have nine characters or more.
func (s *Server) state(channel string) ChannelState {
	if state, ok := s.channels[channel]; ok {
		return state
	}
	if ok, _ := regexp.MatchString(`^[CDG][A-Z0-9]{8,}$`, channel); !ok {
		return Unknown
	}
	return Member
}

func missing(field string) answer {
	return refuse("invalid_arguments", errorLevel+"missing required field: "+field+" [json-pointer:/"+field+"]")
}

// content tells whether Slack would take this text and these blocks.
func (s *Server) content(text string, blocks json.RawMessage, maxText int) (answer, bool) {
	switch {
	case text == "" && blocks == nil:
		return refuse("no_text"), false
	case blockkit.Length(text) > maxText:
		return refuse("msg_too_long"), false
	case blocks == nil:
		return answer{}, true
	}
	return s.checkBlocks(blocks)
}

// asJSON is an argument that holds JSON, nil when it is not given.
func asJSON(argument string) json.RawMessage {
	if argument == "" || argument == "null" {
		return nil
	}
	return json.RawMessage(argument)
}

// asBlocks is asJSON for blocks, of which an empty array is none.
func asBlocks(argument string) json.RawMessage {
	blocks := asJSON(argument)
	var list []json.RawMessage
	if json.Unmarshal(blocks, &list) == nil && len(list) == 0 {
		return nil
	}
	return blocks
}
