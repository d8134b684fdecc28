// XML only: Python is formatted by ruff, and Markdown is written by hand.
module.exports = {
  plugins: [require.resolve("@prettier/plugin-xml")],
  printWidth: 100,
  tabWidth: 4,
  bracketSpacing: false,
  trailingComma: "es5",
  xmlWhitespaceSensitivity: "preserve",
};
