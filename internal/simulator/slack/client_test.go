package slack_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"

	"realtimekit-digest/internal/blockkit"
	"realtimekit-digest/internal/simulator/slack"
)

func dataTable() slackgo.Block {
	return slackgo.NewDataTableBlock("Meetings, biggest first", slackgo.DataTableBlockOptionBlockID("meetings")).
		AddRow(slackgo.NewDataTableRawTextCell("Meeting"), slackgo.NewDataTableRawTextCell("Minutes")).
		AddRow(slackgo.NewDataTableRawTextCell("Stand-up"), slackgo.NewDataTableRawNumberCell(12.5).WithText("12.5"))
}

// What slack-go posts is what stands in the channel and what it reads back.
func TestClientRoundTrip(t *testing.T) {
	t.Parallel()
	s, ctx := start(t), t.Context()
	c := client(s)

	who, err := c.AuthTestContext(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if who.BotID != slack.BotID || who.UserID != slack.UserID {
		t.Errorf("auth.test: got bot %q and user %q", who.BotID, who.UserID)
	}

	pie := slackgo.NewDataVisualizationBlock("Minutes", slackgo.NewDataVisualizationPieChart(slackgo.NewDataVisualizationSegment("Web", 3)))
	where, ts, err := c.PostMessageContext(ctx, channel,
		slackgo.MsgOptionText("643 sessions", false),
		slackgo.MsgOptionBlocks(slackgo.NewHeaderBlock(slackgo.NewTextBlockObject("plain_text", "Digest", false, false)), dataTable(), pie),
		slackgo.MsgOptionMetadata(slackgo.SlackMetadata{EventType: "digest", EventPayload: map[string]any{"key": "k1", "n": 1}}))
	if err != nil {
		t.Fatal(err)
	}
	if where != channel || ts != "1763791203.000100" {
		t.Errorf("got channel %q and ts %q", where, ts)
	}

	stored := s.Messages(channel)
	if len(stored) != 1 {
		t.Fatalf("got %d messages, want 1", len(stored))
	}
	m := stored[0]
	if m.Channel != channel || m.TS != ts || m.BotID != slack.BotID || m.Text != "643 sessions" || m.Edited {
		t.Errorf("got %+v", m)
	}
	if err := blockkit.ValidateJSON(m.Text, m.Blocks); err != nil {
		t.Errorf("stored blocks: %v", err)
	}

	history, err := c.GetConversationHistoryContext(ctx, &slackgo.GetConversationHistoryParameters{ChannelID: channel, IncludeAllMetadata: true})
	if err != nil {
		t.Fatal(err)
	}
	read := history.Messages[0]
	if read.Timestamp != ts || read.BotID != slack.BotID || read.Metadata.EventType != "digest" || read.Metadata.EventPayload["key"] != "k1" {
		t.Errorf("got %+v with metadata %+v", read.Msg, read.Metadata)
	}
	if n := len(read.Blocks.BlockSet); n != 3 || read.Blocks.BlockSet[1].BlockType() != slackgo.MBTDataTable {
		t.Errorf("got %d blocks, want 3 with the table in the middle", n)
	}

	_, _, _, err = c.UpdateMessageContext(ctx, channel, ts, slackgo.MsgOptionText("644 sessions", false))
	if err != nil {
		t.Fatal(err)
	}
	m = s.Messages(channel)[0]
	if m.Text != "644 sessions" || m.Blocks != nil || !strings.Contains(string(m.Metadata), "k1") || !m.Edited {
		t.Errorf("after the update: got %+v", m)
	}

	want := []slack.Call{
		{Method: "auth.test", Status: 200},
		{Method: "chat.postMessage", Channel: channel, Status: 200},
		{Method: "conversations.history", Channel: channel, Status: 200},
		{Method: "chat.update", Channel: channel, Status: 200},
	}
	got := s.Calls()
	if len(got) != len(want) {
		t.Fatalf("got calls %+v, want %+v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("call %d: got %+v, want %+v", i, got[i], want[i])
		}
	}
}

// The product's own blocks, as slack-go sends and reads them.
func TestClientTakesBlockkit(t *testing.T) {
	t.Parallel()
	s := start(t)
	rows := [][]blockkit.Cell{
		{blockkit.TextCell("Meeting"), blockkit.TextCell("Minutes")},
		{blockkit.TextCell("Retro"), blockkit.NumberCell(0, "")},
	}
	texts := [][]blockkit.Cell{rows[0], {blockkit.TextCell("Retro"), blockkit.NumberCell(0, "0")}}
	cases := []struct {
		name  string
		block blockkit.Block
	}{
		{"header", blockkit.Header{Text: "a"}},
		{"section", blockkit.Section{Text: blockkit.Markdown("a")}},
		{"context", blockkit.Context{Elements: []blockkit.Text{blockkit.Plain("a"), blockkit.Markdown("b")}}},
		{"data_table", blockkit.DataTable{Caption: "c", PageSize: 10, Rows: rows}},
		{"table", blockkit.Table{Rows: texts, RightAligned: []int{1}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			data, err := json.Marshal([]blockkit.Block{c.block})
			if err != nil {
				t.Fatal(err)
			}
			var blocks slackgo.Blocks
			if err := json.Unmarshal(data, &blocks); err != nil {
				t.Fatal(err)
			}
			if got := string(blocks.BlockSet[0].BlockType()); got != c.block.Kind() {
				t.Errorf("slack-go reads it as %q", got)
			}
			_, _, err = client(s).PostMessageContext(t.Context(), channel, slackgo.MsgOptionText("a", false), slackgo.MsgOptionBlocks(blocks.BlockSet...))
			if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestClientErrorsAreTyped(t *testing.T) {
	t.Parallel()
	s, ctx := start(t), t.Context()

	t.Run("refused", func(t *testing.T) {
		_, _, err := client(s).PostMessageContext(ctx, channel, slackgo.MsgOptionText("a", false),
			slackgo.MsgOptionBlocks(slackgo.NewHeaderBlock(slackgo.NewTextBlockObject("plain_text", strings.Repeat("a", 151), false, false))))
		var refused slackgo.SlackErrorResponse
		if !errors.As(err, &refused) || refused.Err != "invalid_blocks" {
			t.Fatalf("got %v", err)
		}
		messages := refused.ResponseMetadata.Messages
		if len(messages) != 1 || !strings.HasPrefix(messages[0], "[ERROR] ") || !strings.HasSuffix(messages[0], " [json-pointer:/blocks/0/text/text]") {
			t.Errorf("got messages %q", messages)
		}
		if len(refused.Errors) != 1 || refused.Errors[0].Message == nil || "[ERROR] "+*refused.Errors[0].Message != messages[0] {
			t.Errorf("got errors %+v", refused.Errors)
		}
	})
	t.Run("rate limited", func(t *testing.T) {
		s.Script("chat.postMessage", slack.RateLimit("7"))
		var limited *slackgo.RateLimitedError
		if err := post(ctx, s); !errors.As(err, &limited) || limited.RetryAfter != 7*time.Second {
			t.Errorf("got %v, want to retry after 7s", err)
		}
	})
	t.Run("rate limited without a time", func(t *testing.T) {
		s.Script("chat.postMessage", slack.RateLimit(""))
		var status slackgo.StatusCodeError
		if err := post(ctx, s); !errors.As(err, &status) || status.Code != 429 {
			t.Errorf("got %v, want a bare 429", err)
		}
	})
	t.Run("server error", func(t *testing.T) {
		s.Script("chat.postMessage", slack.Status(503))
		var status slackgo.StatusCodeError
		if err := post(ctx, s); !errors.As(err, &status) || status.Code != 503 {
			t.Errorf("got %v, want a 503", err)
		}
	})
	if n := len(s.Messages(channel)); n != 0 {
		t.Errorf("got %d messages, want none of the refused ones", n)
	}
}
