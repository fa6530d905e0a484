package realtimekit

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// quotaPeriod is the span for which Cloudflare counts requests.
const quotaPeriod = 5 * time.Minute

// admission is what the server decided about a request when it arrived.
type admission struct {
	number    int // from 1
	now       time.Time
	fault     Fault
	remaining int           // of the quota
	reset     time.Duration // until the quota's period is over
	refused   bool          // by the quota
}

// serve answers one request.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	values, queryErr := url.ParseQuery(r.URL.RawQuery)
	admitted, ok := s.admit(r, values)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	defer s.active.Done()
	landed := sync.OnceFunc(s.landed)
	defer landed()

	if s.config.Latency > 0 && !s.wait(r, s.config.Latency) {
		panic(http.ErrAbortHandler)
	}
	var a answer
	if admitted.refused {
		a = failure(http.StatusTooManyRequests)
		a.retryAfter = strconv.Itoa(seconds(admitted.reset))
	} else {
		a = s.answer(r, values, queryErr, admitted.number)
	}
	rows := 0
	if a.page != nil {
		rows = len(a.page.rows)
	}
	if admitted.fault.edit != nil {
		admitted.fault.edit(&a, admitted.now)
	}
	status := a.status
	if admitted.fault.cut == resetBefore || admitted.fault.cut == hangBefore {
		status = 0
	}
	// Recorded before it is sent, so that whoever has the answer finds it in the record.
	s.record(admitted.number, status, rows)
	if admitted.fault.cut != hangBefore && admitted.fault.cut != hangInside {
		landed() // not afterwards: whoever has the answer may already ask again
	}
	s.send(w, r, a, admitted)
}

// admit records the request, counts it for the quota and picks its fault.
func (s *Server) admit(r *http.Request, values url.Values) (admission, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return admission{}, false
	}
	s.active.Add(1)
	s.inFlight++
	admitted := admission{number: len(s.requests) + 1, now: s.config.Now(), remaining: 1200, reset: quotaPeriod}
	if quota := s.config.QuotaPer5Min; quota > 0 {
		if admitted.now.Sub(s.periodStart) >= quotaPeriod || s.periodStart.IsZero() {
			s.periodStart, s.periodCount = admitted.now, 0
		}
		s.periodCount++
		admitted.refused = s.periodCount > quota
		admitted.remaining = max(0, quota-s.periodCount)
		admitted.reset = s.periodStart.Add(quotaPeriod).Sub(admitted.now)
	}
	if !admitted.refused {
		admitted.fault = s.takeFault(values)
	}
	s.requests = append(s.requests, Request{
		At: admitted.now, Path: r.URL.Path, Query: values, Fault: admitted.fault.Name, InFlight: s.inFlight,
	})
	return admitted, true
}

// takeFault picks the fault for a request. s.mu is held.
func (s *Server) takeFault(values url.Values) Fault {
	page := 1
	if values.Has("page_no") {
		number, err := strconv.Atoi(values.Get("page_no"))
		if err != nil {
			number = -1
		}
		page = number
	}
	if queue := s.nextOfPage[page]; len(queue) > 0 {
		s.nextOfPage[page] = queue[1:]
		return queue[0]
	}
	if len(s.next) > 0 {
		fault := s.next[0]
		s.next = s.next[1:]
		return fault
	}
	if s.always != nil {
		return *s.always
	}
	return Fault{}
}

func (s *Server) record(number, status, rows int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[number-1].Status, s.requests[number-1].Rows = status, rows
}

// landed takes a request off those that wait for their answer.
func (s *Server) landed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inFlight--
}

// answer is what the service says when nothing goes wrong on the way.
func (s *Server) answer(r *http.Request, values url.Values, queryErr error, number int) answer {
	token, ok := bearer(r.Header.Get("Authorization"))
	switch {
	case r.Header.Get("Authorization") == "":
		return failure(http.StatusUnauthorized)
	case !ok:
		return failure(http.StatusBadRequest)
	case token != s.config.Token:
		return failure(http.StatusUnauthorized)
	}
	app, ok := strings.CutPrefix(r.URL.Path, "/client/v4/accounts/"+s.config.AccountID+"/realtime/kit/")
	if app, ok = cutSuffix(app, "/sessions", ok); !ok || app == "" || strings.Contains(app, "/") {
		return gatewayFailure(http.StatusNotFound, 7003,
			"Could not route to "+r.URL.Path+", perhaps your object identifier is invalid?", "")
	}
	if app != s.config.AppID {
		return serviceFailure(http.StatusNotFound, "App not found")
	}
	if r.Method != http.MethodGet {
		return failure(http.StatusMethodNotAllowed)
	}
	if queryErr != nil {
		return serviceFailure(http.StatusUnprocessableEntity, "query string is malformed")
	}
	q, err := parse(values, s.config.Reading)
	if err != nil {
		return serviceFailure(http.StatusUnprocessableEntity, err.Error())
	}
	p, err := s.page(q, number)
	if err != nil {
		return serviceFailure(http.StatusInternalServerError, err.Error())
	}
	return answer{status: http.StatusOK, page: p}
}

func cutSuffix(text, suffix string, ok bool) (string, bool) {
	rest, found := strings.CutSuffix(text, suffix)
	return rest, ok && found
}

// bearer takes the token out of an Authorization header. A header that is not "Bearer " and characters that a token may
// have (RFC 6750) is malformed, which the gateway tells apart from a wrong token.
func bearer(header string) (string, bool) {
	token, ok := strings.CutPrefix(header, "Bearer ")
	allowed := func(c rune) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("-._~+/=", c)
	}
	return token, ok && token != "" && strings.IndexFunc(token, func(c rune) bool { return !allowed(c) }) < 0
}

// page selects and cuts one page.
func (s *Server) page(q query, number int) (*page, error) {
	s.data.Lock()
	defer s.data.Unlock()
	reading, d := s.config.Reading, s.base
	if reading.Mutate != nil {
		mutated, err := newDataset(reading.Mutate(number, slices.Clone(s.config.Sessions)), d.encoder)
		if err != nil {
			return nil, fmt.Errorf("mutate the sessions for request %d: %w", number, err)
		}
		d = mutated
	}
	total := len(d.choose(q.selection))
	// Compared by division, so that no page number overflows.
	from, size := total, q.perPage
	if reading.FewerPerPage && q.page > 0 {
		size = max(1, q.perPage/2)
		if q.page-1 <= total/size {
			from = min(total, q.perPage+(q.page-1)*size)
		}
	} else if q.page <= total/q.perPage {
		from = q.page * q.perPage
	}
	to := min(total, from+size)
	p := &page{rows: make([][]byte, 0, to-from)}
	for _, i := range d.page(q.selection, from, to, number) {
		p.rows = append(p.rows, s.spoil(d.sessions[i].ID, d.encoded(i)))
	}
	if !reading.OmitPaging {
		announced := total
		if reading.TotalLies != nil {
			announced = reading.TotalLies(total, number)
		}
		p.paging = paging(announced, from, to, reading.OmitTotal)
	}
	return p, nil
}

// spoil applies the faults of [Server.Spoil] to a row.
func (s *Server) spoil(id string, row []byte) []byte {
	s.mu.Lock()
	faults := s.spoilt[id]
	s.mu.Unlock()
	for _, fault := range faults {
		row = fault.edit(row)
	}
	return row
}

// send writes the answer, or as much of it as the fault lets through.
func (s *Server) send(w http.ResponseWriter, r *http.Request, a answer, admitted admission) {
	switch admitted.fault.cut {
	case resetBefore:
		reset(w)
		return
	case hangBefore:
		s.wait(r, 0)
		panic(http.ErrAbortHandler)
	}
	body := a.bytes()
	part := body
	if admitted.fault.cut != uncut {
		part = body[:len(body)/2]
	}
	length := len(body)
	if admitted.fault.cut == shortLength {
		length = len(part)
	}
	header := w.Header()
	header.Set("Content-Type", "application/json; charset=UTF-8")
	if a.html {
		header.Set("Content-Type", "text/html; charset=UTF-8")
	}
	header.Set("Content-Length", strconv.Itoa(length))
	header.Set("Date", admitted.now.UTC().Format(http.TimeFormat))
	header.Set("Ratelimit", fmt.Sprintf(`"default";r=%d;t=%d`, admitted.remaining, seconds(admitted.reset)))
	if a.retryAfter != "" {
		header.Set("Retry-After", a.retryAfter)
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(part)
	switch admitted.fault.cut {
	case resetInside:
		_ = http.NewResponseController(w).Flush()
		reset(w)
	case hangInside:
		_ = http.NewResponseController(w).Flush()
		s.wait(r, 0)
		panic(http.ErrAbortHandler)
	case longLength:
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler) // ends the connection in order, but too early
	}
}

// seconds rounds up, so that whoever waits that long has waited long enough.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// wait lasts until d is over, the client is gone or the server closes; 0 waits for the latter two only. It reports
// whether d is over.
func (s *Server) wait(r *http.Request, d time.Duration) bool {
	var over <-chan time.Time
	if d > 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-over:
		return true
	case <-r.Context().Done():
	case <-s.closed:
	}
	return false
}

// reset closes the connection so that the peer gets an RST instead of an orderly end.
func reset(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = connection.Close()
}
