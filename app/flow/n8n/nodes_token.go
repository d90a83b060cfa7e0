package n8n

import (
	"strings"

	"zygo/app/value"
)

// readToken makes the node of JSON Web Tokens. Its key is in the credential.
func readToken(n *node) target {
	config := []value.Member{text("secret", n.secretOf("jwtAuth"))}
	algorithm := n.text("options.algorithm", "")
	if n.opened != nil {
		algorithm = or(algorithm, n.opened.Data.Get("algorithm").Raw())
	}
	switch algorithm {
	case "", "HS256":
	case "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "ES256", "ES384":
		config = append(config, text("algorithm", algorithm))
	default:
		n.note("signed with %s; choose an algorithm in the node", algorithm)
	}
	switch n.text("operation", "sign") {
	case "sign":
		claims, lasts := n.claims()
		return target{"crypto", object(append(config, text("op", "make_token"), member("claims", claims), member("lasts", lasts),
			text("destination", "token"))...)}
	case "verify":
		return target{"crypto", object(append(config, text("op", "verify_token"), text("token", n.text("token", "")),
			text("destination", "payload"))...)}
	case "decode":
		return target{"crypto", object(text("op", "read_token"), text("token", n.text("token", "")), text("destination", "payload"))}
	}
	return target{}
}

// tokenClaims are the names of claims, by n8n's.
var tokenClaims = map[string]string{"audience": "aud", "issuer": "iss", "jwtid": "jti", "subject": "sub"}

// claims are those of a token, and for how many seconds it holds.
func (n *node) claims() (claims, lasts value.Value) {
	if n.is("useJson", false) {
		written := n.at("claimsJson")
		if made, err := value.Parse([]byte(written.Text()), value.Limits{}); err == nil {
			return converted(made), value.Value{}
		}
		return converted(written), value.Value{}
	}
	var members []value.Member
	for _, name := range []string{"audience", "issuer", "jwtid", "subject"} {
		if given := n.value("claims." + name); !given.IsMissing() && given.Text() != "" {
			members = append(members, member(tokenClaims[name], given))
		}
	}
	if !n.at("claims.notBefore").IsMissing() {
		n.note("made tokens that hold later than at once (notBefore); write the claim nbf")
	}
	return value.Object(members...), n.value("claims.expiresIn")
}

// readOneTimeCode makes the node of one-time codes.
func readOneTimeCode(n *node) target {
	config := []value.Member{text("op", "one_time_code"), text("secret", n.secretOf("totpApi")), text("destination", "token")}
	if digits, ok := n.at("options.digits").Whole(); ok {
		config = append(config, member("digits", value.Int(min(max(digits, 6), 8))))
	}
	if period, ok := n.at("options.period").Whole(); ok {
		config = append(config, member("period", value.Int(period)))
	}
	switch hash := strings.ToUpper(n.text("options.algorithm", "SHA1")); hash {
	case "SHA1":
	case "SHA256", "SHA512":
		config = append(config, text("code_hash", hash))
	default:
		n.note("hashed with %s, which authenticators don't; here it is SHA1", shortened(hash, 20))
	}
	n.note("gave the seconds that are left, too; here it gives the code")
	return target{"crypto", object(config...)}
}
