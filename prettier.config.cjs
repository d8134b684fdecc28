// XML only: Python is formatted by ruff, and Markdown is written by hand.
module.exports = {
  plugins: [require.resolve("@prettier/plugin-xml")],
  printWidth: 100,
  bracketSpacing: false,
  trailingComma: "es5",
  xmlWhitespaceSensitivity: "preserve",
};
