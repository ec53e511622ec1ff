/** Where the files of judges are. */
export interface FolderPlace {
  /** Absolute. */
  readonly folder: string
  /** As people named it. */
  readonly shown: string
}

/** A path to a file of the folder, which none of its names can lead out of. */
export const pathInFolder = /^(?:(?!\.)[^/\\:\p{Cc}]+\/)*(?!\.)[^/\\:\p{Cc}]+\.ya?ml$/iu
