// Makes a passkey and uses one: to sign in, to answer a challenge, or to prove again who sits here.
document.addEventListener("click", async event => {
  const button = event.target.closest("[data-passkey]")
  if (!button) return
  const problem = button.parentElement.querySelector("[data-passkey-problem]")
  problem.hidden = true
  button.disabled = true
  try {
    await (button.dataset.passkey === "register" ? register() : use(button))
  } catch (error) {
    problem.textContent = error.name === "NotAllowedError" ? "Nobody answered, or the device refused." : error.message
    problem.hidden = false
  }
  button.disabled = false
})

async function register() {
  const {ceremony, options} = await send("register/begin", {})
  const credential = await navigator.credentials.create({publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey)})
  const name = document.getElementById("passkey-name").value
  const {backup_codes: codes} = await send("register/finish", {ceremony, name, credential: credential.toJSON()})
  if (!codes) return location.reload()
  document.getElementById("backup-codes").textContent = codes.join("\n")
  const block = document.getElementById("new-codes")
  block.hidden = false
  block.scrollIntoView()
}

async function use(button) {
  const purpose = button.dataset.passkey
  const asked = purpose === "challenge" ? {} : {purpose}
  const {ceremony, options} = await send("login/begin", asked)
  const credential = await navigator.credentials.get({publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey)})
  const remember = document.querySelector("[name=remember]")?.checked ?? false
  await send("login/finish", {...asked, ceremony, remember, credential: credential.toJSON()})
  if (purpose === "proof") button.closest("main").querySelector("form").submit()
  else location.assign(button.dataset.next)
}

// send asks the API as a page of this instance, whose session is in a cookie.
async function send(path, body) {
  const response = await fetch("/api/v1/auth/passkeys/" + path, {method: "POST", headers: {"Content-Type": "application/json", "Zygo-Client": "web"}, body: JSON.stringify(body)})
  const {data, error} = await response.json()
  if (error?.details?.recent) {
    location.assign("/settings/security/confirm?to=" + encodeURIComponent(location.pathname))
    return new Promise(() => {}) // the page is left
  }
  if (error) throw new Error(error.message)
  return data
}

// Saves the text of the element that data-downloads names.
document.addEventListener("click", event => {
  const button = event.target.closest("[data-downloads]")
  if (!button) return
  const address = URL.createObjectURL(new Blob([document.getElementById(button.dataset.downloads).textContent + "\n"], {type: "text/plain"}))
  Object.assign(document.createElement("a"), {href: address, download: button.dataset.name}).click()
  URL.revokeObjectURL(address)
})
