// Imported first: oidc-provider warns of its age against that of Node.js as soon as it is read, and of
// the sign-in page that it brings for trials.
console.warn = () => {}
