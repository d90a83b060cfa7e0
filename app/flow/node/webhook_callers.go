package node

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"zygo/app/fault"
)

const (
	everyOrigin = "*"
	noOrigin    = "-"
	// preflightLife is how long a browser needs not ask again, in seconds.
	preflightLife = "300"
)

// checkCallers refuses origins and addresses that no caller can have.
func (w *Webhook) checkCallers() error {
	for _, origin := range w.Origins {
		if origin == everyOrigin || origin == noOrigin {
			continue
		}
		u, err := url.Parse(origin)
		isWeb := err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
		if !isWeb || u.Scheme+"://"+u.Host != origin || strings.ToLower(origin) != origin {
			return fault.InvalidField("origins", "%.100q is no origin such as https://shop.example, in small letters and without a path",
				origin)
		}
	}
	for _, address := range w.Addresses {
		if _, err := network(address); err != nil {
			return fault.InvalidField("addresses", "%.100q is neither an address such as 203.0.113.7 nor a network such as 10.1.0.0/16",
				address)
		}
	}
	return nil
}

// network reads a network, or an address as the network of itself.
func network(text string) (netip.Prefix, error) {
	if address, err := netip.ParseAddr(text); err == nil {
		address = address.Unmap().WithZone("")
		return netip.PrefixFrom(address, address.BitLen()), nil
	}
	return netip.ParsePrefix(text)
}

// AdmitAddress refuses a caller whose address the webhook doesn't take.
func (w *Webhook) AdmitAddress(address string) error {
	if len(w.Addresses) == 0 {
		return nil
	}
	if caller, err := netip.ParseAddr(address); err == nil {
		caller = caller.Unmap().WithZone("")
		for _, text := range w.Addresses {
			if allowed, err := network(text); err == nil && allowed.Contains(caller) {
				return nil
			}
		}
	}
	return fault.New(fault.Forbidden, "This webhook takes no calls from your address.")
}

// Shared are the headers that let a page read the answer to its call. No credentials of the browser are ever allowed: who calls
// shows that by the call itself.
func (w *Webhook) Shared(origin string) http.Header {
	header := http.Header{}
	if slices.Contains(w.Origins, everyOrigin) {
		header.Set("Access-Control-Allow-Origin", everyOrigin)
	} else {
		header.Set("Vary", "Origin")
		if origin == "" || origin == noOrigin || !slices.Contains(w.Origins, strings.ToLower(origin)) {
			return header
		}
		header.Set("Access-Control-Allow-Origin", origin)
	}
	header.Set("Access-Control-Expose-Headers", "Zygo-Execution, Retry-After")
	return header
}

// longestNames is how long the list of headers may be that a page wants to send.
const longestNames = 1000

// areNames tells whether a text is a list of names of headers.
func areNames(text string) bool {
	return text != "" && len(text) <= longestNames &&
		strings.Trim(text, "!#$%&'*+.^_|~, -0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// Preflight answers a browser that asks whether a page may call.
func (w *Webhook) Preflight(asked http.Header) http.Header {
	header := w.Shared(asked.Get("Origin"))
	methods := make([]string, len(w.Method))
	for i, method := range w.Method {
		methods[i] = string(method)
	}
	header.Set("Allow", strings.Join(append(methods, http.MethodOptions), ", "))
	if header.Get("Access-Control-Allow-Origin") == "" {
		return header
	}
	header.Set("Access-Control-Allow-Methods", strings.Join(methods, ", "))
	header.Set("Access-Control-Max-Age", preflightLife)
	if names := asked.Get("Access-Control-Request-Headers"); areNames(names) {
		header.Set("Access-Control-Allow-Headers", names)
	}
	header.Del("Access-Control-Expose-Headers")
	return header
}
