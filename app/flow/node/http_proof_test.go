package node

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"zygo/app/field"
	"zygo/app/value"
)

// The answers of RFC 7616, 3.9.1. Those of 3.9.2 are computed there with a cut SHA-512, as its errata say: here the name is that of the
// erratum, and the response that of another implementation of SHA-512/256.
func TestDigestAnswers(t *testing.T) {
	t.Parallel()
	const first = `realm="http-auth@example.org", qop="auth, auth-int", algorithm=%, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`
	const second = `realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDssOS", charset=UTF-8, userhash=true`
	const cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
	for _, c := range []struct{ asked, path, user, password, cnonce, want string }{
		{strings.Replace(first, "%", "MD5", 1), "/dir/index.html", "Mufasa", "Circle of Life", cnonce,
			`response="8ca523f5e9506fed4657c9700eebdbec"`},
		{strings.Replace(first, "%", "SHA-256", 1), "/dir/index.html", "Mufasa", "Circle of Life", cnonce,
			`response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"`},
		{second, "/doe.json", "Jäsøn Doe", "Secret, or not?", "NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm",
			`username="793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"`},
		{second, "/doe.json", "Jäsøn Doe", "Secret, or not?", "NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm",
			`response="7a4e1192babbba02e91182d2895bfdbf7adafc6e48d4e517ca301974843d840c"`},
	} {
		asked := challengesOf([]string{`Basic realm="a, b", Digest ` + c.asked, "Bearer"})
		if len(asked) != 1 {
			t.Fatalf("%d challenges are read", len(asked))
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://www.example.org"+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, known := range digestHashes {
			if known.name != asked[0]["algorithm"] {
				continue
			}
			if got := asked[0].answer(digestOf{known.make, false, c.user, c.password, c.cnonce}, r, nil); !strings.Contains(got, c.want) {
				t.Errorf("%s gives %s, want %s", c.asked, got, c.want)
			}
		}
	}
	for _, header := range []string{"", "Digest", "Digest ,,,", `Digest nonce="`, `Digest a`, `=`, `Digest nonce=x, =y`} {
		challengesOf([]string{header}) // a service may write anything
	}
}

// The signatures that AWS publishes in its test suite of Signature Version 4 and in the guide of S3.
func TestSignaturesForAWS(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		p    HTTP
		at   string
		want string
	}{
		{HTTP{URL: "https://example.amazonaws.com/", AWSService: "service"}, "2015-08-30T12:36:00Z",
			"5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		{HTTP{URL: "https://example.amazonaws.com/", AWSService: "service", Query: []Parameter{
			{"Param2", field.OneOrMany{Given: value.String("value2")}},
			{"Param1", field.OneOrMany{Given: value.String("value1")}}}},
			"2015-08-30T12:36:00Z", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
		{HTTP{URL: "https://examplebucket.s3.amazonaws.com/test.txt", AWSService: "s3", Headers: []Pair{{"Range", "bytes=0-9"}},
			AccessKey: "AKIAIOSFODNN7EXAMPLE", SecretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}, "2013-05-24T00:00:00Z",
			"f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
	} {
		p := c.p
		p.Method, p.Auth, p.Region = "GET", "aws", "us-east-1"
		if p.AccessKey == "" {
			p.AccessKey, p.SecretKey = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
		}
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		r, err := (&httpCall{p: &p, call: &Call{Now: at}}).make(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Header.Get("Authorization"); !strings.HasSuffix(got, "Signature="+c.want) {
			t.Errorf("%s %v is signed with %s", p.URL, p.Query, got)
		}
	}
}
