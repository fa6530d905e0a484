package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"realtimekit-digest/internal/config"
	"realtimekit-digest/internal/digest"
	"realtimekit-digest/internal/period"
)

// event is an event of the digest role. What it does not say comes from the
// environment; a member that is null counts as not there.
type event struct {
	Kind          string     `json:"kind"`    // scheduled, manual or command
	Version       int        `json:"version"` // 1
	Period        string     `json:"period"`
	ScheduledTime *time.Time `json:"scheduledTime"` // nil means now; a zero time is a time
	ScheduleARN   string     `json:"scheduleArn"`   // for the log of who asked
	Attempt       string     `json:"attempt"`       // for the log of who asked
	AppID         string     `json:"appId"`
	ChannelID     string     `json:"channelId"`
	Timezone      string     `json:"timezone"`
	DryRun        bool       `json:"dryRun"`
	Force         bool       `json:"force"` // without a record of deliveries every run posts anyway
}

// envelope is what EventBridge wraps around an event that has no input of its
// own: a schedule's (source aws.scheduler, detail the string "{}") and a
// rule's (source aws.events, detail an object).
type envelope struct {
	Source string          `json:"source"`
	Time   time.Time       `json:"time"`
	Detail json.RawMessage `json:"detail"`
}

// defaults stand in for what an event does not say.
type defaults struct {
	appID, channelID string
	zone             *time.Location
}

// answer makes the report that the event asks for.
func (h *handler) answer(ctx context.Context, payload []byte) ([]byte, error) {
	e, err := decodeEvent(payload)
	if err != nil {
		return nil, fmt.Errorf("the event cannot be read, nothing was posted: %w", err)
	}
	request, err := e.request(h.defaults, h.clock())
	if err != nil {
		return nil, fmt.Errorf("the event cannot be read, nothing was posted: %w", err)
	}
	h.log.InfoContext(ctx, "event received", "kind", e.Kind, "schedule", e.ScheduleARN, "attempt", e.Attempt, "moment", request.Moment.UTC())
	outcome, err := h.run(ctx, request)
	if err != nil {
		return nil, err
	}
	answer, err := json.Marshal(outcome)
	if err != nil {
		return nil, fmt.Errorf("writing the outcome: %w", err)
	}
	return answer, nil
}

// decodeEvent reads an event in any of its shapes. It is strict: what it does
// not know is an error, since a misspelt member would otherwise be a report
// of something else.
func decodeEvent(payload []byte) (event, error) {
	e := event{Kind: "manual", Version: 1, Period: "yesterday"}
	if trimmed := bytes.TrimSpace(payload); len(trimmed) == 0 || string(trimmed) == "null" {
		return e, nil
	}
	if !json.Valid(payload) || bytes.TrimSpace(payload)[0] != '{' {
		return event{}, errors.New("it is not a JSON object")
	}
	// The standard library would take the last of two fields of one name.
	var members map[string]jsontext.Value
	if err := jsonv2.Unmarshal(payload, &members); err != nil {
		return event{}, errors.New("it has a field twice, or text that is not UTF-8")
	}
	if _, ok := members["source"]; ok {
		return decodeEnvelope(members, e)
	}
	into := map[string]any{
		"kind": &e.Kind, "version": &e.Version, "period": &e.Period, "scheduledTime": &e.ScheduledTime,
		"scheduleArn": &e.ScheduleARN, "attempt": &e.Attempt, "appId": &e.AppID, "channelId": &e.ChannelID,
		"timezone": &e.Timezone, "dryRun": &e.DryRun, "force": &e.Force,
	}
	if err := decodeMembers(members, into); err != nil {
		return event{}, err
	}
	return e, nil
}

// decodeEnvelope reads an envelope: its time is the scheduled time.
func decodeEnvelope(members map[string]jsontext.Value, e event) (event, error) {
	var outer envelope
	var skip json.RawMessage
	into := map[string]any{"source": &outer.Source, "time": &outer.Time, "detail": &outer.Detail}
	for _, name := range []string{"version", "id", "detail-type", "account", "region", "resources"} {
		into[name] = &skip
	}
	if err := decodeMembers(members, into); err != nil {
		return event{}, err
	}
	switch {
	case outer.Source != "aws.scheduler" && outer.Source != "aws.events":
		return event{}, fmt.Errorf("source %q is none that is known: it should be aws.scheduler or aws.events", brief(outer.Source))
	case outer.Time.IsZero():
		return event{}, errors.New("the envelope has no time")
	}
	switch detail := string(bytes.Join(bytes.Fields(outer.Detail), nil)); detail {
	case "", "null", "{}", `"{}"`, `""`:
	default:
		return event{}, errors.New("the envelope's detail is not empty: give the schedule or rule an input of its own instead")
	}
	e.Kind, e.ScheduledTime = "scheduled", &outer.Time
	return e, nil
}

// decodeMembers decodes each member to where it belongs. Names are compared
// exactly.
func decodeMembers(members map[string]jsontext.Value, into map[string]any) error {
	for _, name := range slices.Sorted(maps.Keys(members)) {
		to, ok := into[name]
		if !ok {
			return fmt.Errorf("unknown field %q: it should be one of %s", brief(name), strings.Join(slices.Sorted(maps.Keys(into)), ", "))
		}
		if err := json.Unmarshal(members[name], to); err != nil {
			return fmt.Errorf("field %q should be %s", name, looks(to))
		}
	}
	return nil
}

// looks says what a member should look like.
func looks(to any) string {
	switch to.(type) {
	case *int:
		return "a whole number"
	case *bool:
		return "true or false"
	case *time.Time, **time.Time:
		return "a moment such as 2026-11-22T06:00:00Z (RFC 3339)"
	}
	return "a text in quotes"
}

// request checks what the event says and fills in what it does not.
func (e event) request(d defaults, now time.Time) (digest.Request, error) {
	r := digest.Request{Moment: now, Zone: d.zone, AppID: d.appID, ChannelID: d.channelID, DryRun: e.DryRun}
	if !slices.Contains([]string{"scheduled", "manual", "command"}, e.Kind) {
		return r, fmt.Errorf("kind %q is none that is known: it should be scheduled, manual or command", brief(e.Kind))
	}
	if e.Version != 1 {
		return r, fmt.Errorf("version %d is none that is known: it should be 1", e.Version)
	}
	var err error
	if r.Period, err = period.Parse(e.Period); err != nil {
		return r, err
	}
	if e.ScheduledTime != nil {
		r.Moment = *e.ScheduledTime
	}
	if e.Timezone != "" {
		if r.Zone, err = period.LoadZone(e.Timezone); err != nil {
			return r, fmt.Errorf("field \"timezone\": %w", err)
		}
	}
	var app config.AppID
	switch {
	case e.AppID == "":
	case app.Decode(e.AppID) != nil:
		return r, fmt.Errorf("field \"appId\": %q should be one app id (letters, digits, '-' and '_'); several ids and \"all\" are not supported yet", brief(e.AppID))
	default:
		r.AppID = e.AppID
	}
	var channel config.ChannelID
	switch {
	case e.ChannelID == "":
	case channel.Decode(e.ChannelID) != nil:
		return r, fmt.Errorf("field \"channelId\": %q should be a channel's id such as C0123456789, not its name", brief(e.ChannelID))
	default:
		r.ChannelID = e.ChannelID
	}
	return r, nil
}

// brief keeps what is repeated in an error short, even where quoting turns
// each character into ten.
func brief(s string) string {
	const enough = 40
	if runes := []rune(s); len(runes) > enough {
		return string(runes[:enough]) + "…"
	}
	return s
}
