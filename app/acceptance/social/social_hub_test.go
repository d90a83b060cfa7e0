package social

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync"
	"testing"
)

// hub is GitHub as its documentation describes it: the web application flow with PKCE, GET /user and GET /user/emails. Nobody
// has to type anything: who is signed in there agrees at once.
type hub struct {
	t   testing.TB
	url string

	mu     sync.Mutex
	user   map[string]any
	emails []map[string]any
	// codes are those that wait, with the challenge of their PKCE.
	codes map[string]url.Values
	// broken answers 500 instead of a token.
	broken bool
}

func newHub(t testing.TB, id int64, emails ...map[string]any) *hub {
	t.Helper()
	h := &hub{t: t, user: map[string]any{"id": id, "login": "grace", "name": "Grace Hopper", "email": "profile@elsewhere.test"},
		emails: emails, codes: map[string]url.Values{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /login/oauth/authorize", h.authorize)
	mux.HandleFunc("POST /login/oauth/access_token", h.token)
	mux.HandleFunc("GET /user", func(w http.ResponseWriter, r *http.Request) { h.api(w, r, h.user) })
	mux.HandleFunc("GET /user/emails", func(w http.ResponseWriter, r *http.Request) { h.api(w, r, h.emails) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	h.url = server.URL
	return h
}

// primary is an entry of the list of addresses.
func primary(email string, verified bool) map[string]any {
	return map[string]any{"email": email, "primary": true, "verified": verified, "visibility": "public"}
}

func (h *hub) authorize(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	h.mu.Lock()
	defer h.mu.Unlock()
	code := "code" + strconv.Itoa(len(h.codes))
	h.codes[code] = query
	if query.Get("client_id") != "zygo" || query.Get("scope") != "user:email" || query.Get("code_challenge_method") != "S256" {
		h.t.Errorf("GitHub is asked with %v", query)
	}
	http.Redirect(w, r, query.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {query.Get("state")}}.Encode(), http.StatusFound)
}

func (h *hub) token(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.broken {
		http.Error(w, "unicorn", http.StatusInternalServerError)
		return
	}
	asked, known := h.codes[r.FormValue("code")]
	delete(h.codes, r.FormValue("code"))
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if !known || r.FormValue("client_secret") != "secret of zygo" ||
		asked.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) ||
		asked.Get("redirect_uri") != r.FormValue("redirect_uri") {
		// GitHub answers an error with 200.
		answerByForm(w, url.Values{"error": {"bad_verification_code"}, "error_description": {"The code passed is incorrect or expired."}})
		return
	}
	answerByForm(w, url.Values{"access_token": {"gho_token"}, "scope": {"user:email"}, "token_type": {"bearer"}})
}

// answerByForm is how GitHub answers a client that does not ask for JSON.
func answerByForm(w http.ResponseWriter, values url.Values) {
	w.Header().Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	w.Write([]byte(values.Encode()))
}

func (h *hub) api(w http.ResponseWriter, r *http.Request, data any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if r.Header.Get("Authorization") != "Bearer gho_token" || r.Header.Get("User-Agent") == "" {
		http.Error(w, `{"message":"Requires authentication"}`, http.StatusUnauthorized)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(data)
}
