package field

import (
	"fmt"
	"time"
)

// Zone is a time zone by its name in the IANA database, such as Europe/Berlin. The error is a sentence without its subject.
func Zone(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" || name == "" { // of which one is the server's own, and the other a guess
		return nil, fmt.Errorf("must be a time zone such as Europe/Berlin, and %.60q is none that Zygo knows", name)
	}
	return zone, nil
}
