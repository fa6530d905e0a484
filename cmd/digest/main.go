// Command digest is the local companion of the Lambda function: it runs the
// real function on this machine, without an account, a network or SAM. It is
// never part of what is deployed.
//
//	digest run [-bootstrap PATH] [-out FILE] [-link] EVENT.json
//	digest invoke [-bootstrap PATH] EVENT.json
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
)

const usage = `digest runs the usage report's Lambda function on this machine.

  digest run [-bootstrap PATH] [-out FILE] [-link] EVENT.json
        runs it against a simulated RealtimeKit and Slack and shows the
        message as the channel would
  digest invoke [-bootstrap PATH] EVENT.json
        runs it with the environment as it is, against the real services,
        and prints what it returns
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := realMain(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "digest:", err)
		os.Exit(1)
	}
}

func realMain(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return fmt.Errorf("say what to do")
	}
	switch args[0] {
	case "run":
		return run(ctx, args[1:], stdout, stderr)
	case "invoke":
		return invoke(ctx, args[1:], stdout, stderr)
	case "help", "-h", "-help", "--help":
		_, err := fmt.Fprint(stdout, usage)
		return err
	}
	fmt.Fprint(stderr, usage)
	return fmt.Errorf("there is no command %q", args[0])
}
