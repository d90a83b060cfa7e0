package sessions

import (
	"strings"
)

// named is a word of a user agent and what people call it. The first that is found counts, so that a browser which also
// names others comes before them.
type named struct{ word, name string }

var browsers = []named{
	{"Edg", "Edge"},
	{"OPR/", "Opera"},
	{"SamsungBrowser", "Samsung Internet"},
	{"Vivaldi", "Vivaldi"},
	{"Firefox", "Firefox"},
	{"FxiOS", "Firefox"},
	{"HeadlessChrome", "Headless Chrome"},
	{"CriOS", "Chrome"},
	{"Chrome", "Chrome"},
	{"Safari", "Safari"},
}

var systems = []named{
	{"iPhone", "an iPhone"},
	{"iPad", "an iPad"},
	{"Android", "Android"},
	{"Windows", "Windows"},
	{"Mac OS X", "a Mac"},
	{"CrOS", "ChromeOS"},
	{"Linux", "Linux"},
}

// DeviceName says in words what a user agent is: "Firefox on Windows".
func DeviceName(userAgent string) string {
	find := func(list []named) string {
		for _, one := range list {
			if strings.Contains(userAgent, one.word) {
				return one.name
			}
		}
		return ""
	}
	browser, system := find(browsers), find(systems)
	switch {
	case browser != "" && system != "":
		return browser + " on " + system
	case browser != "":
		return browser
	}
	program, _, _ := strings.Cut(userAgent, "/")
	program = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, program)
	if program = strings.TrimSpace(program[:min(len(program), 40)]); program == "" {
		return "an unknown program"
	}
	return program
}
