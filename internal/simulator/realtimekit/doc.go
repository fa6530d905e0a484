// Package realtimekit simulates the sessions API of Cloudflare RealtimeKit on 127.0.0.1.
//
// The real service cannot be reached from tests, and much of what it does is not documented. So the simulator is as
// strict as what is known, and everything that is not known is a [Reading] to choose: which column start_time and
// end_time filter, whether the bounds are inclusive, how large a page may be, whether a total is announced, in which
// order equal rows come. A program that is right under every reading is right against the real one.
//
// What goes wrong on a bad day is a [Fault]: an HTTP error, a connection that is cut, an answer of another shape, a row
// that cannot be trusted. [Faults] and [RowFaults] list them all with names for test tables.
//
// [Generate] makes a month of plausible usage from a seed, and [Recount] says what a right program would report of it.
//
// What is known comes from developers.cloudflare.com/api (RealtimeKit, sessions, get sessions), from the types of
// cloudflare-go v7.9.0 (realtime_kit/session.go) and from public programs that talk to the live service. A comment says
// where something here is only a guess.
package realtimekit
