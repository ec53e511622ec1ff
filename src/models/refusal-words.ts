/** What providers say of requests that a model doesn't take. Matched against their words, never a conversation. */

/** That a parameter isn't taken at all, rather than this value of it. */
export const notTaken =
  /(?:not|n't) support|unsupported|unrecognized|unknown|unexpected|extra (?:inputs|fields)|not (?:permitted|allowed|enabled)|deprecated|extra_forbidden|\buse ['"`]?max_/i

export const systemRole =
  /system (?:role|message|prompt|instruction|field)s? (?:is |are )?not (?:supported|enabled|allowed)|developer instruction is not enabled|roles must alternate|(?:not|n't) support (?:the )?['"]?system|only user and assistant roles|invalid role: system|\brole\b.*\bshould be 'user' or 'assistant'/i

export const schemaBounds = /\b(?:minimum|maximum)\b/
/** Elsewhere the two are words like any other. */
export const quotedBounds = /['"`](?:minimum|maximum)['"`]/

/** Also what the servers' own engines call it: vLLM, llama.cpp and Ollama make a grammar of a schema. */
export const responseFormat =
  /response[_ ]?(?:json_?)?(?:format|schema|mime_?type)|json[_ ]?schema|json[_ ]?(?:object|mode)|structured[_ ]?outputs?|guided[_ ]?(?:decoding|json|grammar)|grammar|required for format|output[_ ]?(?:format|config)|specified schema|text\.format|invalid schema/i

export const tools =
  /\btools?\b|tool_?(?:choice|config)|tool[- ](?:call|use|choice)|\bfunctions?\b|function calling|input_schema/i

export const strict = /['"`.]strict\b/

/** About this one schema, where another may be taken. */
export const thisSchema =
  /invalid schema|\bschema (?:contains|exceeds|conversion)|into a (?:grammar|regex)|pars(?:e|ing) grammar|grammar error|\benum\b|too complex|too many states|repetitions/i

/** Servers that run the model themselves answer 500 where their engine or the model's template can't do it. */
export const engineFailure = /grammar|required for format|schema|system role|roles must alternate|--jinja/i

/** OpenRouter's 404 where nobody serves the model with what the request asks for. */
export const nobodySupports = /no endpoints found that support/i
