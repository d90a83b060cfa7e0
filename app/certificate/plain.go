package certificate

import (
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// The limits of the plain port, which takes no bodies.
const (
	plainTime   = 10 * time.Second
	plainHeader = 16 << 10
)

// NewPlain serves a handler on the plain port.
func NewPlain(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:        handler,
		ReadTimeout:    plainTime,
		WriteTimeout:   plainTime,
		IdleTimeout:    plainTime,
		MaxHeaderBytes: plainHeader,
		ErrorLog:       slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// Redirect leads to the same address by HTTPS, on a port that is empty for the usual one.
func Redirect(port string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := (&url.URL{Host: r.Host}).Hostname()
		if name == "" {
			http.Error(w, "The request names no host.", http.StatusBadRequest)
			return
		}
		host := strings.TrimSuffix(net.JoinHostPort(name, port), ":")
		w.Header().Set("Connection", "close")
		http.Redirect(w, r, "https://"+host+r.URL.RequestURI(), http.StatusPermanentRedirect)
	})
}
