package web

import (
	"net/http"
	"net/url"
	"time"

	"zygo/app/edge"
	"zygo/app/identity/accounts"
	"zygo/ui/markup"
)

// LookOf is what preferences mean in the words of a browser's cookies, where the usual is empty.
func LookOf(p accounts.Preferences) map[string]string {
	look := map[string]string{"theme": "", "density": ""}
	if p.Theme != "system" {
		look["theme"] = p.Theme
	}
	if p.Density == "compact" {
		look["density"] = p.Density
	}
	return look
}

// LookCookie gives a browser a part of the look, or takes it back where it is empty. The page's own script changes it too.
func LookCookie(name, value string, secure bool) string {
	cookie := http.Cookie{Name: name, Value: value, Path: "/", MaxAge: 365 * 24 * 3600, SameSite: http.SameSiteLaxMode, Secure: secure}
	if value == "" {
		cookie.MaxAge = -1
	}
	return cookie.String()
}

// Look is what the browser's cookies say. Only known words pass.
func Look(r *edge.Request) markup.Look {
	one := func(name string, known ...string) string {
		value := r.Cookie(name)
		for _, word := range known {
			if value == word {
				return value
			}
		}
		return ""
	}
	return markup.Look{
		Theme:   one("theme", "light", "dark"),
		Density: one("density", "compact"),
		Sidebar: one("sidebar", "collapsed"),
		Keys:    one("keys", "off"),
	}
}

// zone is the browser's time zone, nil until it said one.
func zone(r *edge.Request) *time.Location {
	name, err := url.QueryUnescape(r.Cookie("zone"))
	if err != nil || name == "" || name == "Local" || len(name) > 64 {
		return nil
	}
	found, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return found
}
