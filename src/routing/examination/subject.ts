// What an examination is about: one provider as calls use it, and what is wanted of it.

import type { Clock } from '../../core/clock.ts';
import type { Cancel } from '../../core/context.ts';
import type { Random } from '../../core/random.ts';
import type { Secrets } from '../../core/secrets.ts';
import type { Models } from '../../providers/chat.ts';
import type { Route } from '../../providers/http/way/route.ts';
import type { ProviderParts } from '../targets/settings.ts';
import type { Course, Audience, Step } from './course.ts';

/** A model of the provider that calls will ask for. */
export interface Wanted {
  readonly model: string;
  /** `the default model`, `the alias fast`. */
  readonly as: string;
}

export interface Subject {
  readonly parts: ProviderParts;
  /** Absent: connections are not ours to look at, as with the global fetch. */
  readonly route?: Route;
  /** It runs in this process, at an address that is none. */
  readonly isEmbedded?: boolean;
  /** Of the router, for what a completion shows. */
  readonly models: Models;
  /** The one that is asked where none is named first. */
  readonly wanted: readonly Wanted[];
  /** Gets the keys that a program prints. */
  readonly prepareKeys?: () => Promise<void>;
}

export interface Tools {
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Secrets;
}

export interface ExamineOptions extends Audience {
  /** Also ask a model for one word, and an embedding model for a vector, which may cost something. */
  readonly complete: boolean;
  /** This process runs in a container, so that localhost is the container. */
  readonly isContainer: boolean;
  readonly cancel: Cancel;
}

export interface Examination {
  readonly provider: string;
  readonly type: string;
  /** What was asked first, without user name, password and query; empty where there is no such address. */
  readonly url: string;
  readonly steps: readonly Step[];
}

/** What the parts of an examination share. */
export interface Exam {
  readonly subject: Subject;
  readonly tools: Tools;
  readonly options: ExamineOptions;
  readonly course: Course;
}
