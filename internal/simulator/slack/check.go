package slack

import (
	"encoding/json"
	"errors"
	"fmt"

	"realtimekit-digest/internal/blockkit"
)

// checkBlocks makes Slack's refusals of what blockkit finds. Slack's limits of
// the text beside the blocks are not blockkit's, so that is checked elsewhere
// and a stand-in is passed.
//
// msg_blocks_too_long has been seen from about 13,200 characters on. Where
// exactly is not documented, so it comes as soon as blockkit's limit is passed.
func (s *Server) checkBlocks(blocks json.RawMessage) (answer, bool) {
	var list []struct {
		Type     string                  `json:"type"`
		Children []struct{ Type string } `json:"child_blocks"`
	}
	var raw []json.RawMessage
	if json.Unmarshal(blocks, &raw) != nil {
		return refuse("invalid_blocks_format"), false
	}
	var invalid *blockkit.InvalidError
	if err := blockkit.ValidateJSON("stand-in", blocks); errors.As(err, &invalid) {
		var messages []string
		for _, p := range invalid.Problems {
			if p.Pointer != "" {
				messages = append(messages, blockError(p.Pointer, p.Message))
			}
		}
		if len(messages) == 0 {
			return refuse("msg_blocks_too_long"), false
		}
		return refuse("invalid_blocks", messages...), false
	}
	if err := json.Unmarshal(blocks, &list); err != nil {
		return refuse("invalid_blocks_format"), false
	}
	var messages []string
	for i, b := range list {
		if s.refuses(b.Type) {
			messages = append(messages, blockError(fmt.Sprintf("/blocks/%d/type", i), "unsupported type: "+b.Type))
		}
		for j, child := range b.Children {
			if s.refuses(child.Type) {
				messages = append(messages, blockError(fmt.Sprintf("/blocks/%d/child_blocks/%d/type", i, j), "unsupported type: "+child.Type))
			}
		}
	}
	if len(messages) > 0 {
		return refuse("invalid_blocks", messages...), false
	}
	return answer{}, true
}

// blockError is one of the messages that come with invalid_blocks.
func blockError(pointer, message string) string {
	return errorLevel + message + " [json-pointer:" + pointer + "]"
}

// refuses tells whether the workspace refuses a type of block.
func (s *Server) refuses(kind string) bool {
	switch kind {
	case "data_table", "data_visualization":
		return s.refuseNative || s.refuseTables
	case "table":
		return s.refuseTables
	}
	return false
}

// maxMetadata is in bytes. Slack documents that there is a limit
// (metadata_too_large) but not which; this is the project's own.
const maxMetadata = 1024

// checkMetadata wants an event_type and an event_payload whose values are
// strings, numbers and booleans (docs.slack.dev, Message metadata). Slack
// takes objects in it too; this project keeps to flat ones.
func checkMetadata(metadata json.RawMessage) (answer, bool) {
	if metadata == nil {
		return answer{}, true
	}
	if len(metadata) > maxMetadata {
		return refuse("metadata_too_large"), false
	}
	var m struct {
		EventType    string         `json:"event_type"`
		EventPayload map[string]any `json:"event_payload"`
	}
	if json.Unmarshal(metadata, &m) != nil || m.EventType == "" || m.EventPayload == nil {
		return refuse("invalid_metadata_format"), false
	}
	for _, value := range m.EventPayload {
		switch value.(type) {
		case string, float64, bool:
		default:
			return refuse("invalid_metadata_format"), false
		}
	}
	return answer{}, true
}

func isEmptyObject(data json.RawMessage) bool {
	var fields map[string]any
	return json.Unmarshal(data, &fields) == nil && fields != nil && len(fields) == 0
}
