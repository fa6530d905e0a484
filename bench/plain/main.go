// Command plain is the baseline that the project's reader is compared with:
// the loop that a user of cloudflare-go would write from its documentation.
// It trusts every answer, adds minutes up as floating-point numbers and asks
// for one page after the other.
//
// It is a module of its own because the library's root package, which
// cloudflare.NewClient needs, takes minutes to compile and would triple the
// size of the program.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/cloudflare/cloudflare-go/v7"
	"github.com/cloudflare/cloudflare-go/v7/option"
	"github.com/cloudflare/cloudflare-go/v7/realtime_kit"
)

// pageSize is what the reader asks for too: nobody who compares would leave
// the default of a fifth.
const pageSize = 100

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "plain:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	t, err := parseTask(args)
	if err != nil {
		return err
	}
	var (
		requests, count int
		total           float64
		meetings        map[string]float64
	)
	r, err := measure(func() (err error) {
		requests, count, total, meetings, err = read(ctx, t)
		return err
	})
	if err != nil {
		return err
	}
	r.Sessions, r.Minutes, r.Meetings = count, fmt.Sprintf("%.2f", total), len(meetings)
	r.Requests, r.Complete = requests, true // it cannot know better
	return r.print(os.Stdout)
}

// read adds up the sessions that ended in the window, by meeting.
func read(ctx context.Context, t task) (requests, count int, total float64, meetings map[string]float64, err error) {
	client := cloudflare.NewClient(option.WithBaseURL(t.url), option.WithAPIToken(t.token))
	meetings = map[string]float64{}
	seen := 0
	for page := 1; ; page++ {
		requests++
		answer, err := client.RealtimeKit.Sessions.GetSessions(ctx, t.app, realtime_kit.SessionGetSessionsParams{
			AccountID: cloudflare.F(t.account),
			Status:    cloudflare.F(realtime_kit.SessionGetSessionsParamsStatusEnded),
			// The same time range as the reader's, so that both are served the
			// same rows.
			StartTime: cloudflare.F(t.start.Add(-lookback).UTC()),
			EndTime:   cloudflare.F(t.now.UTC()),
			PerPage:   cloudflare.F[float64](pageSize),
			PageNo:    cloudflare.F(float64(page)),
		})
		if err != nil {
			return 0, 0, 0, nil, fmt.Errorf("getting page %d: %w", page, err)
		}
		for _, s := range answer.Data.Sessions {
			ended, err := time.Parse(time.RFC3339, s.EndedAt)
			if err != nil {
				return 0, 0, 0, nil, fmt.Errorf("reading when session %s ended: %w", s.ID, err)
			}
			if ended.Before(t.start) || !ended.Before(t.end) {
				continue
			}
			count++
			total += s.MinutesConsumed
			meetings[s.AssociatedID] += s.MinutesConsumed
		}
		seen += len(answer.Data.Sessions)
		if len(answer.Data.Sessions) == 0 || seen >= int(answer.Paging.TotalCount) {
			return requests, count, total, meetings, nil
		}
	}
}
