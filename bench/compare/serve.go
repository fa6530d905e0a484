package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"realtimekit-digest/internal/simulator"
	"realtimekit-digest/internal/simulator/realtimekit"
)

// quota is far more requests per five minutes than any read here makes, so
// that it never binds.
const quota = 1_000_000

// service is a simulated RealtimeKit in this process.
type service struct {
	*realtimekit.Server
	client *http.Client
}

func serve(list []realtimekit.Session, latency time.Duration) (*service, error) {
	server, err := realtimekit.Start(realtimekit.Config{
		AccountID: simulator.AccountID, AppID: simulator.AppID, Token: simulator.Token, Sessions: list, Latency: latency,
		QuotaPer5Min: quota, // its Ratelimit header then leaves a reader as much room as -quota does
	})
	if err != nil {
		return nil, err
	}
	return &service{server, &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1024}}}, nil
}

func (s *service) close() {
	s.client.CloseIdleConnections()
	s.Close()
}

// get asks for a page and throws it away.
func (s *service) get(ctx context.Context, query url.Values, page int) (size int64, err error) {
	address := s.URL() + "accounts/" + simulator.AccountID + "/realtime/kit/" + simulator.AppID + "/sessions?" +
		query.Encode() + "&page_no=" + strconv.Itoa(page)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+simulator.Token)
	response, err := s.client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("page %d was answered with %s", page, response.Status)
	}
	return io.Copy(io.Discard, response.Body)
}

// warm makes the simulator sort its rows for these queries, which it does once
// and which no reader should be charged for.
func (s *service) warm(ctx context.Context, queries map[string]url.Values) error {
	for _, query := range queries {
		if _, err := s.get(ctx, query, 1); err != nil {
			return fmt.Errorf("warming the simulator: %w", err)
		}
	}
	return nil
}

// discard asks for all pages with several clients that throw them away: the
// least time in which this simulator can be read on this machine.
func (s *service) discard(ctx context.Context, query url.Values, pages, clients int) (wall time.Duration, bytes int64, err error) {
	var (
		next, size atomic.Int64
		failed     = make([]error, clients)
		group      sync.WaitGroup
	)
	begun := time.Now()
	for i := range clients {
		group.Go(func() {
			for failed[i] == nil {
				page := int(next.Add(1))
				if page > pages {
					return
				}
				n, err := s.get(ctx, query, page)
				size.Add(n)
				failed[i] = err
			}
		})
	}
	group.Wait()
	wall = time.Since(begun)
	for _, err := range failed {
		if err != nil {
			return 0, 0, fmt.Errorf("throwing the pages away: %w", err)
		}
	}
	return wall, size.Load(), nil
}

// queries are the different queries of requests, without their page numbers.
func queries(requests []realtimekit.Request) map[string]url.Values {
	found := map[string]url.Values{}
	for _, r := range requests {
		query := url.Values{}
		for name, values := range r.Query {
			if name != "page_no" {
				query[name] = values
			}
		}
		found[query.Encode()] = query
	}
	return found
}
