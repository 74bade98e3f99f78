/** Names a child's account among all schools. */
export interface ChildLink {
  readonly school: number;
  readonly account: number;
}
