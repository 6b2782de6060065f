/** The server's views under their own names. */
import type { components } from './schema'

type Schemas = components['schemas']

export type AgentView = Schemas['AgentView']
export type BrandAccountView = Schemas['BrandAccountView']
export type BrandView = Schemas['BrandView']
export type CountsView = Schemas['CountsView']
export type CustomerView = Schemas['CustomerView']
export type DraftView = Schemas['DraftView']
export type FactView = Schemas['FactView']
export type InboxView = Schemas['InboxView']
export type LaneOptions = Schemas['LaneOptions']
export type LimitsView = Schemas['LimitsView']
export type MediaView = Schemas['MediaView']
export type MessageView = Schemas['MessageView']
export type MeView = Schemas['MeView']
export type NetworkView = Schemas['NetworkView']
export type NoteView = Schemas['NoteView']
export type PictureView = Schemas['PictureView']
export type ReplyOptions = Schemas['ReplyOptions']
export type ReplyView = Schemas['ReplyView']
export type SegmentView = Schemas['SegmentView']
export type SessionView = Schemas['SessionView']
export type TeamView = Schemas['TeamView']
export type TicketCard = Schemas['TicketCard']
export type TicketView = Schemas['TicketView']

/** An event as the line brings it: numbered, with its fact and the ticket's card after it. */
export type DeskEvent = Schemas['EventView']
export type Fact = DeskEvent['fact']

export type State = TicketCard['state']
export type Priority = TicketCard['priority']
export type Lane = TicketCard['lane']
export type Visibility = MessageView['visibility']
export type DismissReason = NonNullable<TicketCard['dismissed']>
