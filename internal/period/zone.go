package period

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	// The Lambda's image need not have a time zone database, and without one
	// every name but UTC is unknown. This costs about 450 kB of the binary. A
	// database that the machine does have is read first: it may be newer.
	_ "time/tzdata"
)

// zoneName is the shape of the names in the time zone database, such as UTC,
// Etc/GMT+5 and America/Argentina/Buenos_Aires.
var zoneName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9][A-Za-z0-9_+-]*){0,2}$`)

// LoadZone returns the time zone with a name of the IANA time zone database,
// such as UTC or Europe/Berlin, spelled exactly so.
//
// Everything else is an error, also what time.LoadLocation takes for a zone: no
// name at all, the machine's own zone, and the files beside the database.
func LoadZone(name string) (*time.Location, error) {
	const use = "use an IANA name such as Europe/Berlin or UTC"
	if name == "" {
		return nil, fmt.Errorf("time zone is empty: %s", use)
	}
	if !zoneName.MatchString(name) {
		return nil, fmt.Errorf("time zone %s is not a name: %s", quote(name), use)
	}
	if isMachineZone(name) {
		return nil, fmt.Errorf("time zone %s depends on the machine: %s", quote(name), use)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		// The cause only repeats the name, or tells of a database that is not
		// there; neither helps the person who misspelled it.
		return nil, fmt.Errorf("time zone %s is not known: %s", quote(name), use)
	}
	return zone, nil
}

// isMachineZone reports whether name stands for whatever a machine is set to,
// or for one of the copies that some machines keep beside the database. Those
// below right/ count leap seconds, so their days start up to 27 seconds late.
func isMachineZone(name string) bool {
	switch name {
	case "Local", "localtime", "posixrules", "Factory":
		return true
	}
	return strings.HasPrefix(name, "right/") || strings.HasPrefix(name, "posix/")
}
