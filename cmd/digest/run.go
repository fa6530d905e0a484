package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"time"

	"realtimekit-digest/internal/simulator"
	"realtimekit-digest/internal/simulator/lambda"
	"realtimekit-digest/internal/simulator/realtimekit"
	"realtimekit-digest/internal/terminal"
)

// timeout is what the function is given, as in template.yaml.
const timeout = 15 * time.Minute

// run runs the function on an event against simulated services and shows the
// message in the channel, or that of a dry run.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	flags.SetOutput(stderr)
	bootstrap := flags.String("bootstrap", "build/local/bootstrap", "the function's `program`")
	out := flags.String("out", "", "write the message as JSON to this `file`")
	link := flags.Bool("link", false, "print a link that opens the message in Slack's Block Kit Builder")
	event, err := readEvent(flags, args)
	if err != nil {
		return err
	}
	moment := momentOf(event)
	fmt.Fprintf(stderr, "starting a simulated RealtimeKit with a month of usage up to %s, and a simulated Slack\n", moment.UTC().Format(time.RFC3339))
	world, err := simulator.Start(simulator.Usage(moment), realtimekit.Reading{})
	if err != nil {
		return fmt.Errorf("starting the simulated services: %w", err)
	}
	defer world.Close()
	fmt.Fprintf(stderr, "running %s on %s\n", *bootstrap, flags.Arg(0))
	begun := time.Now()
	var logs strings.Builder
	answer, err := call(ctx, world.Lambda, *bootstrap, world.Env(), event, &logs)
	if err != nil {
		fmt.Fprint(stderr, logs.String())
		return err
	}
	fmt.Fprintf(stderr, "it returned after %s, with %d requests to RealtimeKit and %d to Slack:\n  %s\n\n", time.Since(begun).Round(time.Millisecond),
		len(world.RealtimeKit.Requests()), len(world.Slack.Calls()), withoutMessage(answer))
	m, err := messageOf(world, answer)
	if err != nil {
		return err
	}
	shown, err := terminal.Show(m.Text, m.Blocks)
	if err != nil {
		return err
	}
	fmt.Fprint(stdout, shown)
	if *link {
		fmt.Fprintf(stdout, "\nhttps://app.slack.com/block-kit-builder/#%s\n", url.PathEscape(`{"blocks":`+string(m.Blocks)+`}`))
	}
	if *out != "" {
		return writeMessage(*out, m)
	}
	return nil
}

// invoke runs the function on an event with the environment as it is and
// prints what it returns.
func invoke(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("invoke", flag.ContinueOnError)
	flags.SetOutput(stderr)
	bootstrap := flags.String("bootstrap", "build/local/bootstrap", "the function's `program`")
	event, err := readEvent(flags, args)
	if err != nil {
		return err
	}
	runtime, err := lambda.Start()
	if err != nil {
		return fmt.Errorf("starting the runtime: %w", err)
	}
	defer runtime.Close()
	fmt.Fprintf(stderr, "running %s on %s with this environment, against the services that it names\n", *bootstrap, flags.Arg(0))
	answer, err := call(ctx, runtime, *bootstrap, os.Environ(), event, stderr)
	if err != nil {
		return err
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, answer, "", "  "); err != nil {
		return fmt.Errorf("reading the answer: %w", err)
	}
	fmt.Fprintln(stdout, pretty.String())
	return nil
}

// readEvent reads the file that the arguments name.
func readEvent(flags *flag.FlagSet, args []string) ([]byte, error) {
	if err := flags.Parse(args); err != nil {
		return nil, fmt.Errorf("reading the arguments: %w", err)
	}
	if flags.NArg() != 1 {
		return nil, errors.New("name one event, such as events/schedule-daily.json")
	}
	event, err := os.ReadFile(flags.Arg(0))
	if err != nil {
		return nil, fmt.Errorf("reading the event: %w", err)
	}
	return event, nil
}

// momentOf is the moment for which usage is simulated: the event's own, or
// now where it has none.
func momentOf(event []byte) time.Time {
	var e struct{ ScheduledTime, Time time.Time }
	// What the function cannot read, it says itself.
	_ = json.Unmarshal(event, &e)
	for _, t := range []time.Time{e.ScheduledTime, e.Time} {
		if !t.IsZero() {
			return t
		}
	}
	return time.Now()
}

// call starts the function, gives it one event and stops it.
func call(ctx context.Context, runtime *lambda.Runtime, bootstrap string, env []string, event []byte, logs io.Writer) (json.RawMessage, error) {
	process, err := runtime.Exec(ctx, bootstrap, env, logs)
	if err != nil {
		return nil, fmt.Errorf("starting the function (make %s builds it): %w", bootstrap, err)
	}
	result, err := runtime.Invoke(ctx, event, timeout)
	process.Stop()
	switch {
	case err != nil:
		return nil, fmt.Errorf("the function did not answer: %w", err)
	case result.Failed:
		return nil, fmt.Errorf("the function failed: %s", result.ErrorMessage)
	}
	return result.Payload, nil
}

// message is a message as Slack's JSON has it.
type message struct {
	Text   string          `json:"text"`
	Blocks json.RawMessage `json:"blocks,omitempty"`
}

// messageOf is the message that was posted, or else that of a dry run.
func messageOf(world *simulator.World, answer []byte) (message, error) {
	var outcome struct {
		Channel string
		Message *message
	}
	if err := json.Unmarshal(answer, &outcome); err != nil {
		return message{}, fmt.Errorf("reading the answer: %w", err)
	}
	if outcome.Message != nil {
		return *outcome.Message, nil
	}
	posted := world.Slack.Messages(outcome.Channel)
	if len(posted) != 1 {
		return message{}, fmt.Errorf("there are %d messages in channel %s instead of one", len(posted), outcome.Channel)
	}
	return message{posted[0].Text, posted[0].Blocks}, nil
}

// withoutMessage is the answer for one line: a dry run's message is shown
// below it.
func withoutMessage(answer []byte) string {
	var members map[string]json.RawMessage
	if json.Unmarshal(answer, &members) != nil || members["message"] == nil {
		return string(answer)
	}
	members["message"] = json.RawMessage(`"shown below"`)
	short, err := json.Marshal(members)
	if err != nil {
		return string(answer)
	}
	return string(short)
}

func writeMessage(path string, m message) error {
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the message: %w", err)
	}
	if err := os.WriteFile(path, append(data, '\n'), 0o644); err != nil {
		return fmt.Errorf("writing the message: %w", err)
	}
	return nil
}
